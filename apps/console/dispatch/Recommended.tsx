import { distance } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { useRecommendation } from '../live/dispatch-queries.ts';
import { codeOf } from '../live/services.tsx';
import { may } from '../ui/session.ts';
import { useDesk } from './desk.ts';
import { driveTime, otherReasons, reasonWords, type RecommendedUnit } from './reason-words.ts';

const SHOWN = 5;

/** Whom to send, the best first, each with its reasons. Enter assigns the first, a digit another. */
export function Recommended({ incidentId, revision }: { readonly incidentId: string; readonly revision: number }) {
  const { say, sayError } = useWords();
  const { session, board, selected, assign } = useDesk();
  const allowed = may(session, 'incident:dispatch');
  const asked = useRecommendation(allowed ? incidentId : null, revision);
  const units = asked.data?.units ?? [];
  const estimated = units.some(({ travel }) => travel.estimated);
  return (
    <section className="part" aria-label={say('detail.recommended')}>
      <h3>
        {say('detail.recommended')}
        {units.length > 0 && (
          <small>{say(estimated ? 'detail.recommended.estimate' : 'detail.recommended.road')}</small>
        )}
      </h3>
      {!allowed && <p className="part__note">{say('dispatch.noDispatch')}</p>}
      {allowed && asked.isPending && <p className="part__note">{say('loading')}</p>}
      {asked.isError && (
        <p className="part__note">
          {needsMore(selected) ? say('detail.recommended.needs') : sayError(codeOf(asked.error))}
        </p>
      )}
      {asked.data && units.length === 0 && <p className="part__note">{say('detail.recommended.none')}</p>}
      <ol className="recommended">
        {units.slice(0, SHOWN).map((unit, at) => (
          <li key={unit.unitId}>
            <button
              type="button"
              className="advice"
              disabled={!allowed}
              onClick={() => void assign(unit)}
              data-first={at === 0}
            >
              <kbd>{at + 1}</kbd>
              <b>{unit.callSign}</b>
              <span className="advice__time">{driveTime(unit.travel.durationMs)}</span>
              <Way unit={unit} />
              <Why unit={unit} />
            </button>
          </li>
        ))}
      </ol>
      {asked.data && <Excluded counts={asked.data.excluded} known={board.units.length > 0} />}
    </section>
  );
}

function needsMore(
  selected: { readonly classification: unknown; readonly place: { readonly point: unknown } | null } | null,
): boolean {
  return selected !== null && (selected.classification === null || !selected.place?.point);
}

function Way({ unit }: { readonly unit: RecommendedUnit }) {
  const { language } = useWords();
  return <span className="advice__way">{distance(unit.travel.distanceM, language)}</span>;
}

function Why({ unit }: { readonly unit: RecommendedUnit }) {
  const { say, language } = useWords();
  const desk = useDesk();
  const reasons = otherReasons(unit).slice(0, 4);
  return (
    <span className="advice__why">
      {reasons.map((reason, at) => (
        <span key={`${reason.factor}/${at}`} className={reason.penaltyMs > 0 ? 'against' : undefined}>
          {reasonWords(reason, say, language, desk)}
        </span>
      ))}
    </span>
  );
}

/** Who cannot be sent, by reason: an empty list is never a riddle. */
function Excluded({ counts, known }: { readonly counts: Readonly<Record<string, number>>; readonly known: boolean }) {
  const { say, sayError } = useWords();
  const rows = Object.entries(counts).filter(([, count]) => count > 0);
  if (rows.length === 0 || !known) return null;
  const list = rows.map(([code, count]) => `${count} × ${sayError(code).replace(/\.$/, '').toLowerCase()}`).join(' · ');
  return <p className="part__note part__note--small">{say('detail.excluded', { list })}</p>;
}
