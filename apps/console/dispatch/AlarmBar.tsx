import { useEffect, useMemo, useRef, useState, type RefObject } from 'react';
import type { DispatchAlarmView } from '#libs/wire';
import { countUp } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { useServerNowMs } from '../live/services.tsx';
import { may } from '../ui/session.ts';
import { Icon } from '../ui/Icon.tsx';
import { AlarmBeeper } from './alarm-sound.ts';
import { AlarmWatch } from './alarm-watch.ts';
import { useDesk } from './desk.ts';

export interface Alarms {
  readonly waiting: readonly DispatchAlarmView[];
  readonly muted: boolean;
  readonly blocked: boolean;
  mute(on: boolean): void;
  acknowledge(alarm: DispatchAlarmView): void;
}

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
      // A cry for help is acknowledged for the whole centre, not for one desk.
      if (alarm.kind === 'sos' && unitId && may(desk.session, 'incident:dispatch'))
        void desk.attempt(() => desk.duty(unitId, { kind: 'acknowledgeSos' }));
    },
  };
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
  useFocusOnNew(first?.kind === 'incident-overdue' ? undefined : first?.id, button);
  if (!first) return null;
  const unit = first.unitId ? desk.callSign(first.unitId) : '';
  const code = first.incidentId ? desk.incidentCode(first.incidentId) : '';
  return (
    <section className={`alarm alarm--${first.kind}`} role="alert" aria-label={say('alarm.title')}>
      <Icon name={alarms.muted ? 'mute' : 'bell'} />
      <p>
        <b>{say(`alarm.${first.kind}`, { unit, code })}</b>
        <time>{countUp(nowMs - first.sinceMs)}</time>
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
