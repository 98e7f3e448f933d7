import { useEffect, useRef } from 'react';
import type { CameraView } from '#libs/wire';
import { useConnection, useServices } from '../live/services.tsx';
import { mayReload, watchVersion } from './version-watch.ts';

const LOOK_MS = 5_000;

/** Reloads the page onto a new build at a quiet moment. */
export function useReloadOnNewBuild(cameras: readonly CameraView[]): void {
  const { clock } = useServices();
  const connection = useConnection();
  const facts = useRef({ newerSinceMs: null as number | null, lastChangeMs: clock.monotonicMs(), online: false });
  const states = cameras.map(({ id, health }) => `${id}${health.state}`).join();
  useEffect(() => {
    facts.current.lastChangeMs = clock.monotonicMs();
    facts.current.online = connection.kind === 'online';
  }, [clock, states, connection.kind]);
  useEffect(() => {
    const stopWatch = watchVersion(clock, () => (facts.current.newerSinceMs = clock.monotonicMs()));
    const timer = clock.every(LOOK_MS, () => {
      if (mayReload(facts.current, clock.monotonicMs())) location.reload();
    });
    return () => {
      stopWatch();
      timer.cancel();
    };
  }, [clock]);
}
