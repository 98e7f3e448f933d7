import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { replayPageView, replayTracksView, type ReplayOpeningView } from '#libs/wire';
import { useServices } from '../live/services.tsx';
import { ReplayTape } from './replay-tape.ts';

const RETRY_MS = 3_000;

/** The tape of an opening, asked for what a moment needs. Its answers draw the page anew. */
export function useTape(opening: ReplayOpeningView, atMs: number): ReplayTape {
  const { http, clock } = useServices();
  const tape = useMemo(() => {
    const path = `/api/replay/${opening.id}`;
    const page = (query: { atMs: number } | { after: number }) => {
      const asked = 'atMs' in query ? `atMs=${Math.floor(query.atMs)}` : `after=${query.after}`;
      return http.ask('GET', `${path}/page?${asked}`, replayPageView);
    };
    const piece = (ms: number) => http.ask('GET', `${path}/tracks?atMs=${Math.floor(ms)}`, replayTracksView);
    return new ReplayTape({ page, piece }, opening);
  }, [http, opening]);
  useSyncExternalStore(tape.subscribe, tape.getVersion);
  useEffect(() => tape.want(atMs), [tape, atMs]);
  const { failure } = tape;
  useEffect(() => {
    if (failure === null) return undefined;
    const timer = clock.after(RETRY_MS, () => tape.want(atMs));
    return () => timer.cancel();
  }, [failure, tape, atMs, clock]);
  return tape;
}
