import type { PtzView, SessionView } from '#libs/wire';
import { countUp } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { useServerNowMs } from '../live/services.tsx';

/** How long it is shown that somebody took over. */
const NOTICE_MS = 60_000;

/** Who steers and for how long still, shown to all. */
export function HolderLine({ view, session }: { readonly view: PtzView; readonly session: SessionView }) {
  const { say } = useWords();
  const nowMs = useServerNowMs();
  const { holder, takenOver } = view;
  const mine = holder?.accountId === session.accountId;
  const displaced =
    takenOver?.fromAccountId === session.accountId && !mine && nowMs - takenOver.atMs < NOTICE_MS ? takenOver : null;
  return (
    <div className="ptz__who">
      <p className={mine ? 'holder holder--mine' : holder ? 'holder holder--theirs' : 'holder'}>
        <span aria-live="polite">{holder ? sentence(holder, mine) : say('ptz.nobody')}</span>
        {holder && (
          <span className="holder__left" title={say('ptz.left')}>
            {countUp(Math.max(0, holder.expiresAtMs - nowMs))}
          </span>
        )}
      </p>
      <div aria-live="assertive">
        {displaced && <p className="notice notice--warn">{say('ptz.takenOver', { name: displaced.byName })}</p>}
      </div>
      {view.tour && <TourLine view={view} tour={view.tour} />}
    </div>
  );

  function sentence({ displayName, reserved }: NonNullable<PtzView['holder']>, mine: boolean): string {
    if (mine) return say(reserved ? 'ptz.reservedByYou' : 'ptz.heldByYou');
    return say(reserved ? 'ptz.reservedBy' : 'ptz.heldBy', { name: displayName });
  }
}

/** What the camera does by itself. */
export function TourLine({ view, tour }: { readonly view: PtzView; readonly tour: NonNullable<PtzView['tour']> }) {
  const { say, sayError } = useWords();
  const steps = view.tours.find(({ id }) => id === tour.tourId)?.steps ?? [];
  const nameOf = (token: string | undefined): string =>
    view.presets?.find((preset) => preset.token === token)?.name ?? token ?? '';
  const place = { tour: tour.name, preset: nameOf(steps[tour.step]?.preset), step: tour.step + 1, of: steps.length };
  const skipped = tour.skipped.at(-1);
  return (
    <>
      <p className="holder holder--tour">{say(`ptz.tour.${tour.phase}`, place)}</p>
      {tour.problem && <p className="notice notice--warn">{sayError(tour.problem.code)}</p>}
      {skipped && !tour.problem && (
        <p className="notice notice--note">{say('ptz.tour.skipped', { preset: nameOf(skipped.preset) })}</p>
      )}
    </>
  );
}
