import { age, momentOf } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { useConnection, useNowMs, useServices } from '../live/services.tsx';

/** A healthy line is never silent this long: the server's heartbeat comes more often. */
const SILENT_MS = 10_000;

/** Whether the line to the server lives, and how long ago it last said anything. `quiet`, for a bar with
 * little room and a notice under it, tells the age only when it grows. */
export function ConnectionBadge({ quiet = false }: { readonly quiet?: boolean }) {
  const { say } = useWords();
  const connection = useConnection();
  const nowMs = useNowMs();
  const { live } = useServices();
  const silentMs = live.silentMs() ?? 0;
  const showsAge = !quiet || silentMs > SILENT_MS;
  return (
    <span className={`badge badge--${connection.kind}`} role="status">
      <span className="badge__dot" aria-hidden="true" />
      {connection.kind === 'connecting' && say('line.connecting')}
      {connection.kind === 'offline' &&
        (quiet ? say('line.offline.short') : say('line.offline', { time: momentOf(connection.sinceMs, nowMs) }))}
      {connection.kind === 'online' && say('line.online')}
      {connection.kind === 'online' && showsAge && (
        <span aria-hidden="true">{say('line.ago', { age: age(silentMs) })}</span>
      )}
    </span>
  );
}

/** Over content that came by the line: says since when it is old. Nothing while the line lives. */
export function StaleNotice() {
  const { say } = useWords();
  const connection = useConnection();
  const nowMs = useNowMs();
  if (connection.kind !== 'offline') return null;
  return (
    <p className="notice notice--warn stale" role="alert">
      {say('line.stale', { time: momentOf(connection.sinceMs, nowMs), age: age(nowMs - connection.sinceMs) })}
    </p>
  );
}
