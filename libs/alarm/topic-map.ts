import type { EventMessage } from '#libs/onvif';
import type { AlarmKind, TopicMeaning } from '#libs/wire';
import type { AlarmSignal } from './signal.ts';

/**
 * Topics of ONVIF and of common cameras, without prefixes, and what they mean. `/*` stands for one more step. The names
 * are those of ONVIF Core 9 and Imaging 6 (MotionAlarm, GlobalSceneChange, SignalLoss), Analytics annex A
 * (CellMotionDetector, LineDetector, TamperDetector), and of makers who deviate.
 */
const DEFAULT_MEANINGS: Readonly<Record<string, AlarmKind>> = {
  'VideoSource/MotionAlarm': 'motion',
  'RuleEngine/CellMotionDetector/Motion': 'motion',
  'RuleEngine/MotionRegionDetector/Motion': 'motion',
  'RuleEngine/MotionDetector/Motion': 'motion',
  'VideoAnalytics/MotionDetection': 'motion',
  'RuleEngine/LineDetector/Crossed': 'line-crossed',
  'RuleEngine/LineCrossDetector/LineCross': 'line-crossed',
  'RuleEngine/CrossLineDetector/CrossLine': 'line-crossed',
  'RuleEngine/CrossingLineDetector/Crossed': 'line-crossed',
  'RuleEngine/TripwireDetector/Tripwire': 'line-crossed',
  'VideoSource/GlobalSceneChange/*': 'tamper',
  'RuleEngine/TamperDetector/Tamper': 'tamper',
  'RuleEngine/TamperingDetector/Tampering': 'tamper',
  'VideoSource/Tampering': 'tamper',
  'VideoSource/SignalLoss': 'signal-lost',
  'VideoSource/VideoLoss': 'signal-lost',
};

/** What a topic means when nobody has said otherwise; `undefined` for one that is not known. */
export function defaultMeaningOf(topic: string): AlarmKind | undefined {
  const whole = own(topic);
  return whole ?? own(`${topic.slice(0, Math.max(0, topic.lastIndexOf('/')))}/*`);
}

/** What a topic means for a camera: its own mapping first. */
export function meaningOf(topic: string, mapped: ReadonlyMap<string, TopicMeaning>): TopicMeaning | undefined {
  return mapped.get(topic) ?? defaultMeaningOf(topic);
}

/** The signal that a message of a known meaning stands for; `undefined` when it says nothing about a state. */
export function signalOf(cameraId: string, kind: AlarmKind, message: EventMessage): AlarmSignal {
  const { topic, source } = message;
  const rule = source.find(({ name }) => name === 'Rule')?.value ?? '';
  const where = source.map(({ name, value }) => `${name}=${value}`).join(',');
  return {
    cameraId,
    kind,
    source: 'onvif',
    origin: `${topic}|${where}`,
    phase: phaseOf(message),
    detail: rule === '' ? topic : `${topic} · ${rule}`,
  };
}

/** A state that was deleted with its rule has ended (ONVIF Core 9.4.2); a message without a yes or no only happened. */
function phaseOf({ data, operation }: EventMessage): AlarmSignal['phase'] {
  if (operation === 'deleted') return 'ended';
  const flags = data.map(({ name, value }) => ({ name, flag: flagOf(value) })).filter(({ flag }) => flag !== undefined);
  const state = flags.find(({ name }) => /^(State|Is|Value|Active|LogicalState)/i.test(name)) ?? flags[0];
  if (state) return state.flag ? 'began' : 'ended';
  return 'happened';
}

/** xs:boolean, in the spellings of cameras. Numbers that are counts (an object's id) say nothing. */
function flagOf(value: string): boolean | undefined {
  if (/^true$/i.test(value)) return true;
  return /^false$/i.test(value) ? false : undefined;
}

function own(topic: string): AlarmKind | undefined {
  return Object.hasOwn(DEFAULT_MEANINGS, topic) ? DEFAULT_MEANINGS[topic] : undefined;
}
