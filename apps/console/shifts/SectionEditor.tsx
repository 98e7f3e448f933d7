import { useEffect, useRef, useState } from 'react';
import { HANDOVER_CAPS, type HandoverSection } from '#libs/shift';
import { handoverView, type HandoverView } from '#libs/wire';
import { clockTime } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { RequestError } from '../live/http.ts';
import { codeOf, useServices } from '../live/services.tsx';
import { draftOf, heard, isUnsaved, settle, taken } from './section-draft.ts';

/** After so long without a key the section is saved. */
const PAUSE_MS = 1_200;
/** After a save that nobody answered. */
const AGAIN_MS = 5_000;

/** What people write under one section. It saves itself, and shows what somebody else wrote meanwhile. */
export function SectionEditor({
  view,
  section,
  writable,
  onView,
}: {
  readonly view: HandoverView;
  readonly section: HandoverSection;
  readonly writable: boolean;
  readonly onView: (view: HandoverView) => void;
}) {
  const { say, sayError } = useWords();
  const { http, clock } = useServices();
  const stands = view.sections[section];
  const [draft, setDraft] = useState(() => draftOf(stands));
  const [error, setError] = useState<string | null>(null);
  const [failures, setFailures] = useState(0);
  const sending = useRef(false);

  useEffect(() => {
    const { text, revision, saved } = stands;
    setDraft((before) => heard(before, { text, revision, by: saved?.name ?? '' }));
  }, [stands]);

  useEffect(() => {
    if (!writable || !isUnsaved(draft)) return;
    const save = async (): Promise<void> => {
      if (sending.current) return setFailures((count) => count + 1);
      sending.current = true;
      const { text, base: baseRevision } = draft;
      try {
        const path = `/api/handovers/${view.shift.id}/sections`;
        const answer = await http.ask('PUT', path, handoverView, { section, text, baseRevision });
        setDraft((now) => taken(now, text, answer.sections[section].revision));
        setError(null);
        onView(answer);
      } catch (thrown) {
        const details = thrown instanceof RequestError ? thrown.details : {};
        if (codeOf(thrown) === 'handover-changed' && details['section'] === section) {
          const theirs = {
            text: String(details['text']),
            revision: Number(details['revision']),
            by: String(details['by']),
          };
          setDraft((now) => heard(now, theirs));
        } else {
          setError(codeOf(thrown));
          setFailures((count) => count + 1);
        }
      } finally {
        sending.current = false;
      }
    };
    const timer = clock.after(error === null ? PAUSE_MS : AGAIN_MS, () => void save());
    return () => timer.cancel();
  }, [draft, writable, failures, section, view.shift.id]);

  const id = `section-${section}`;
  return (
    <div className="section">
      <label htmlFor={id}>{say('handover.text')}</label>
      <textarea
        id={id}
        rows={4}
        value={draft.text}
        readOnly={!writable}
        maxLength={HANDOVER_CAPS.text}
        onChange={(event) => setDraft({ ...draft, text: event.target.value })}
      />
      <p className="section__state" aria-live="polite">
        {error !== null && sayError(error)}
        {error === null && isUnsaved(draft) && say('handover.saving')}
        {error === null &&
          !isUnsaved(draft) &&
          stands.saved &&
          say('handover.saved', { at: clockTime(stands.saved.atMs), by: stands.saved.name })}
      </p>
      {draft.conflict && (
        <div className="notice notice--warn" role="alert">
          <p>{say('handover.conflict', { by: draft.conflict.by })}</p>
          <blockquote className="section__theirs">{draft.conflict.text}</blockquote>
          <div className="buttons">
            {(['both', 'theirs', 'mine'] as const).map((how) => (
              <button key={how} type="button" className="button" onClick={() => setDraft(settle(draft, how))}>
                {say(`handover.settle.${how}`)}
              </button>
            ))}
          </div>
        </div>
      )}
    </div>
  );
}
