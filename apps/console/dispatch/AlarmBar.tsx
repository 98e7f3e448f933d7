import { useEffect, useMemo, useRef, useState, type RefObject } from 'react';
import type { DispatchAlarmView } from '#libs/wire';
import { age, countUp } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { useServerNowMs, useServices } from '../live/services.tsx';
import { may } from '../ui/session.ts';
import { Icon } from '../ui/Icon.tsx';
import { AlarmBeeper } from './alarm-sound.ts';
import { AlarmWatch } from './alarm-watch.ts';
import { useDesk, type DutyWish } from './desk.ts';

export interface Alarms {
  readonly waiting: readonly DispatchAlarmView[];
  readonly muted: boolean;
  readonly blocked: boolean;
  mute(on: boolean): void;
  acknowledge(alarm: DispatchAlarmView): void;
}

const TAKES_FOCUS: ReadonlySet<DispatchAlarmView['kind']> = new Set([
  'sos',
  'unanswered-assignment',
  'check-in-overdue',
  'off-limits',
]);
/** A mark fades from here on; so does what an alarm says of a place. */
const FRESH_MS = 30_000;
const MUTED_KEY = 'atalaya.dispatch.muted';

/** What wants somebody now, and its sound. */
export function useAlarms(): Alarms {
  const desk = useDesk();
  const { alarms } = desk.board;
  const nowMs = useServerNowMs();
  const watch = useMemo(() => new AlarmWatch(), []);
  const beeper = useMemo(() => new AlarmBeeper(), []);
  const [muted, setMuted] = useState(() => remembered());
  const [blocked, setBlocked] = useState(false);
  const [, redraw] = useState(0);
  useEffect(() => () => beeper.close(), [beeper]);
  useEffect(() => {
    const sound = watch.due(alarms, nowMs);
    if (sound && !muted) setBlocked(!beeper.play(sound));
  }, [alarms, nowMs, muted, watch, beeper]);
  return {
    waiting: watch.waiting(alarms),
    muted,
    blocked,
    mute: (on) => {
      setMuted(on);
      remember(on);
    },
    acknowledge: (alarm) => {
      watch.acknowledge(alarm.id);
      redraw((count) => count + 1);
      const { unitId } = alarm;
      // A cry for help, or a unit out of place, is acknowledged for the whole centre, not for one desk.
      const wish = wishOf(alarm);
      if (wish && unitId && may(desk.session, 'incident:dispatch')) void desk.attempt(() => desk.duty(unitId, wish));
    },
  };
}

function wishOf({ kind, sectorId }: DispatchAlarmView): DutyWish | null {
  if (kind === 'sos') return { kind: 'acknowledgeSos' };
  if ((kind === 'off-limits' || kind === 'out-of-sector') && sectorId !== undefined)
    return { kind: 'acknowledgeStray', strayKind: kind, sectorId };
  return null;
}

interface AlarmBarProps {
  readonly alarms: Alarms;
  readonly onSee: (alarm: DispatchAlarmView) => void;
}

/**
 * The gravest alarm over the board. It takes the focus of whoever is not typing: a key pressed in the middle of a word
 * must not acknowledge a cry for help.
 */
export function AlarmBar({ alarms, onSee }: AlarmBarProps) {
  const { say } = useWords();
  const desk = useDesk();
  const nowMs = useServerNowMs();
  const [first, ...others] = alarms.waiting;
  const button = useRef<HTMLButtonElement>(null);
  // A late incident is told and heard; it does not take the hands of who may be sending a unit to it.
  useFocusOnNew(first && TAKES_FOCUS.has(first.kind) ? first.id : undefined, button);
  if (!first) return null;
  const unit = first.unitId ? desk.callSign(first.unitId) : '';
  const area = desk.board.sectors.find(({ id }) => id === first.sectorId)?.name ?? '–';
  const code = first.incidentId ? desk.incidentCode(first.incidentId) : '';
  return (
    <section className={`alarm alarm--${first.kind}`} role="alert" aria-label={say('alarm.title')}>
      <Icon name={alarms.muted ? 'mute' : 'bell'} />
      <p>
        <b>{say(`alarm.${first.kind}`, { unit, code, area })}</b>
        <time>{countUp(nowMs - first.sinceMs)}</time>
        {first.sectorId !== undefined && <LastSeen unitId={first.unitId} />}
        {others.length > 0 && <small>{say('board.more', { count: others.length })}</small>}
        {alarms.blocked && !alarms.muted && <small>{say('alarm.blocked')}</small>}
      </p>
      <button ref={button} type="button" className="button button--small" onClick={() => alarms.acknowledge(first)}>
        {say('alarm.acknowledge')} <kbd>A</kbd>
      </button>
      <button type="button" className="button button--small" onClick={() => onSee(first)}>
        {say('alarm.see')}
      </button>
    </section>
  );
}

/** It says where the unit was, and not where it is: nobody takes an hour of silence for a stay. */
function LastSeen({ unitId }: Pick<DispatchAlarmView, 'unitId'>) {
  const { say } = useWords();
  const { live } = useServices();
  const nowMs = useServerNowMs();
  const seen = unitId === null ? undefined : live.positions.fixOf(unitId);
  if (!seen || nowMs - seen.takenAtMs < FRESH_MS) return null;
  return <small>{say('alarm.lastSeen', { age: age(nowMs - seen.takenAtMs) })}</small>;
}

function useFocusOnNew(id: string | undefined, button: RefObject<HTMLButtonElement | null>): void {
  useEffect(() => {
    const busy = document.activeElement?.closest('input, textarea, select, dialog');
    if (id !== undefined && !busy) button.current?.focus();
  }, [id, button]);
}

function remembered(): boolean {
  try {
    return localStorage.getItem(MUTED_KEY) === 'yes';
  } catch {
    return false;
  }
}

function remember(muted: boolean): void {
  try {
    localStorage.setItem(MUTED_KEY, muted ? 'yes' : 'no');
  } catch {
    // The choice lasts as long as the page.
  }
}
