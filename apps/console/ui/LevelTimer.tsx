import type { EscalationLevel } from '#libs/dispatch';
import type { IncidentItem } from '#libs/wire';
import { countUp } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { useServerNowMs } from '../live/services.tsx';
import { standingOf } from './standing.ts';

/** Time since the call against the target that runs. The level is told by colour, by shape and by a word. */
export function LevelTimer({ incident }: { readonly incident: IncidentItem }) {
  const { say } = useWords();
  const nowMs = useServerNowMs();
  const { elapsedMs, timer, level } = standingOf(incident, nowMs);
  const words = timer
    ? `${say(`timer.${timer.kind}`)}: ${say(`timer.${level}`)}, ${say('timer.of', { target: countUp(timer.targetMs) })}`
    : say('timer.none');
  return (
    <span className={`timer timer--${level}`} title={words}>
      <time>{countUp(elapsedMs)}</time>
      <LevelMark level={level} />
      <span className="sr-only">{words}</span>
      <span className="timer__bar" aria-hidden="true">
        <i style={{ width: `${Math.min(100, (timer?.share ?? 0) * 100)}%` }} />
      </span>
    </span>
  );
}

/** Calm nothing, warned a half disc, overdue a triangle, critical two. */
function LevelMark({ level }: { readonly level: EscalationLevel }) {
  return (
    <svg className="timer__mark" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      {level === 'warned' && <path d="M8 2a6 6 0 0 1 0 12Zm0 0a6 6 0 0 0 0 12" fill="currentColor" />}
      {level === 'overdue' && <path d="M8 2 15 14H1Z" fill="currentColor" />}
      {level === 'critical' && <path d="M4.500 2 8.500 9h-8Zm7 5 4 7h-8Z" fill="currentColor" />}
    </svg>
  );
}
