import type { SimEvent } from '../model.ts';

import type { VendorRules } from './vendor.ts';
import { VIDEO_SOURCE_CONFIGURATION_TOKEN, VIDEO_SOURCE_TOKEN } from './tokens.ts';
import { el, elWith, qname, type XmlNode } from './xml-writer.ts';
import { formatDateTime } from './xsd-time.ts';

type Item = readonly [name: string, value: string, type: string];

/** One topic that a camera speaks of: where it stands in the tree and what its messages hold. */
export interface Topic {
  readonly kind: SimEvent['kind'];
  /** Below `tns1:`, e.g. `VideoSource/MotionAlarm`. */
  readonly path: string;
  /** A property has a state that can be asked for (Initialized, Changed); others only happen. ONVIF Core §9.4.2. */
  readonly isProperty: boolean;
  readonly source: readonly Item[];
  /** Name and type of the item that carries the state, or what happened. */
  readonly data: readonly [name: string, type: string];
}

const SENSOR: Item = ['Source', VIDEO_SOURCE_TOKEN, 'tt:ReferenceToken'];

function ruleSource(rule: string): readonly Item[] {
  return [
    ['VideoSourceConfigurationToken', VIDEO_SOURCE_CONFIGURATION_TOKEN, 'tt:ReferenceToken'],
    ['VideoAnalyticsConfigurationToken', 'VideoAnalyticsConfig_1', 'tt:ReferenceToken'],
    ['Rule', rule, 'xs:string'],
  ];
}

/** Topics by ONVIF Imaging §6, Core §9 (MotionAlarm, SignalLoss) and Analytics annex A; vendors chose among them. */
export function topicsOf(rules: VendorRules): readonly Topic[] {
  const motion: Topic =
    rules.motionTopic === 'motion-alarm'
      ? {
          kind: 'motion',
          path: 'VideoSource/MotionAlarm',
          isProperty: true,
          source: [SENSOR],
          data: ['State', 'xs:boolean'],
        }
      : {
          kind: 'motion',
          path: 'RuleEngine/CellMotionDetector/Motion',
          isProperty: true,
          source: ruleSource('MyMotionDetectorRule'),
          data: ['IsMotion', 'xs:boolean'],
        };
  const tamper: Topic =
    rules.tamperTopic === 'scene-change'
      ? {
          kind: 'tamper',
          path: 'VideoSource/GlobalSceneChange/ImagingService',
          isProperty: true,
          source: [SENSOR],
          data: ['State', 'xs:boolean'],
        }
      : {
          kind: 'tamper',
          path: 'RuleEngine/TamperDetector/Tamper',
          isProperty: true,
          source: ruleSource('MyTamperDetectorRule'),
          data: ['IsTamper', 'xs:boolean'],
        };
  return [
    motion,
    tamper,
    {
      kind: 'signal-loss',
      path: 'VideoSource/SignalLoss',
      isProperty: true,
      source: [SENSOR],
      data: ['State', 'xs:boolean'],
    },
    {
      kind: 'line-crossed',
      path: 'RuleEngine/LineDetector/Crossed',
      isProperty: false,
      source: ruleSource(''),
      data: ['ObjectId', 'xs:integer'],
    },
  ];
}

/** What became of a property, or `undefined` for what only happened. */
export type PropertyOperation = 'Initialized' | 'Changed';

export interface Notification {
  readonly topic: Topic;
  readonly operation: PropertyOperation | undefined;
  /** The camera's own hour. */
  readonly atMs: number;
  /** Value of the data item. */
  readonly value: string;
  /** Name of the rule that fired, where that is the event's own. */
  readonly rule?: string | undefined;
}

export const CONCRETE_SET_DIALECT = 'http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet';
export const CONCRETE_DIALECT = 'http://docs.oasis-open.org/wsn/t-1/TopicExpression/Concrete';
export const ITEM_FILTER_DIALECT = 'http://www.onvif.org/ver10/tev/messageContentFilter/ItemFilter';

/** wsnt:NotificationMessage with its tt:Message, ONVIF Core §9.4.1. */
export function notificationXml(notification: Notification): XmlNode {
  const { topic, operation, rule } = notification;
  const [dataName] = topic.data;
  const source = topic.source.map(([name, value]) => simpleItem(name, name === 'Rule' ? (rule ?? value) : value));
  return el(
    'wsnt:NotificationMessage',
    elWith('wsnt:Topic', { Dialect: CONCRETE_SET_DIALECT }, qname(`tns1:${topic.path}`)),
    el(
      'wsnt:Message',
      elWith(
        'tt:Message',
        { UtcTime: formatDateTime(notification.atMs), PropertyOperation: operation },
        el('tt:Source', source),
        el('tt:Data', simpleItem(dataName, notification.value)),
      ),
    ),
  );
}

function simpleItem(name: string, value: string): XmlNode {
  return elWith('tt:SimpleItem', { Name: name, Value: value });
}

interface Branch {
  readonly branches: Map<string, Branch>;
  topic: Topic | undefined;
}

/** wstop:TopicSet: the tree of topics, each leaf with its message description (ONVIF Core §9.3). */
export function topicSetXml(topics: readonly Topic[]): XmlNode {
  const root: Branch = { branches: new Map(), topic: undefined };
  for (const topic of topics) {
    let at = root;
    for (const step of topic.path.split('/')) {
      const next: Branch = at.branches.get(step) ?? { branches: new Map(), topic: undefined };
      at.branches.set(step, next);
      at = next;
    }
    at.topic = topic;
  }
  return el(
    'wstop:TopicSet',
    // WS-Topics §8: only root topics are qualified, those below have local names.
    [...root.branches].map(([step, branch]) => branchXml(`tns1:${step}`, branch)),
  );
}

function branchXml(name: string, branch: Branch): XmlNode {
  return elWith(
    name,
    branch.topic === undefined ? {} : { 'wstop:topic': true },
    [...branch.branches].map(([step, next]) => branchXml(step, next)),
    branch.topic === undefined ? undefined : descriptionXml(branch.topic),
  );
}

function descriptionXml(topic: Topic): XmlNode {
  const item = (name: string, type: string): XmlNode =>
    elWith('tt:SimpleItemDescription', { Name: name, Type: qname(type) });
  return elWith(
    'tt:MessageDescription',
    { IsProperty: topic.isProperty },
    el(
      'tt:Source',
      topic.source.map(([name, , type]) => item(name, type)),
    ),
    el('tt:Data', item(...topic.data)),
  );
}
