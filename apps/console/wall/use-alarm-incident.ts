import { useMemo, useRef, useState } from 'react';
import { uuidV7 } from '#libs/base';
import type { AlarmView, CameraView, IncidentTypeView, SessionView } from '#libs/wire';
import { draftOfAlarm, incidentWorthy } from '../alarms/alarm-draft.ts';
import { CommandSender } from '../dispatch/command-sender.ts';
import { bodyOf, newDraft, type Draft } from '../dispatch/draft.ts';
import { useWords } from '../i18n/language.tsx';
import { codeOf, useServices } from '../live/services.tsx';
import { may } from '../ui/session.ts';

/** What the wall says of it, for so long. */
const NOTICE_MS = 8_000;

export interface AlarmIncident {
  /** The alarm that the key takes; `null` when there is none or this account may not. */
  readonly next: AlarmView | null;
  readonly notice: string | null;
  take(): void;
}

/**
 * Makes an incident of the newest raised alarm by one key. A wall has no form: what an alarm tells is sent as it is, and a desk
 * corrects it. Pressed twice it is one incident.
 */
export function useAlarmIncident(
  session: SessionView,
  attention: readonly AlarmView[],
  cameras: readonly CameraView[],
  types: readonly IncidentTypeView[],
): AlarmIncident {
  const { clock, http, live } = useServices();
  const { say, sayError } = useWords();
  const [notice, setNotice] = useState<string | null>(null);
  const begun = useRef(new Map<string, Draft>());
  const sender = useMemo(() => new CommandSender(clock, http, () => live.serverClock.nowMs()), [clock, http, live]);
  const next = may(session, 'incident:take') ? (incidentWorthy(attention)[0] ?? null) : null;
  const tell = (text: string): void => {
    setNotice(text);
    clock.after(NOTICE_MS, () => setNotice((now) => (now === text ? null : now)));
  };
  const take = (): void => {
    if (!next || begun.current.has(next.id)) return;
    const camera = cameras.find(({ id }) => id === next.cameraId);
    const fresh = newDraft(() => uuidV7(clock.nowMs()), live.serverClock.nowMs());
    const draft = { ...fresh, ...draftOfAlarm(next, camera, types) };
    const made = bodyOf(draft);
    if (!made.ok) return;
    begun.current.set(next.id, draft);
    sender
      .send('/api/incidents', made.body)
      .then(
        () => tell(say('wall.incident.made', { camera: next.cameraCode })),
        (thrown: unknown) => tell(sayError(codeOf(thrown))),
      )
      .finally(() => begun.current.delete(next.id));
  };
  return { next, notice, take };
}
