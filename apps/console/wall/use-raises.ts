import { useMemo } from 'react';
import type { CameraView, IncidentItem } from '#libs/wire';
import { raisesOf, type Raise } from '../alarms/attention.ts';
import { useAttention } from '../alarms/use-alarms.ts';
import { useServerNowMs } from '../live/services.tsx';
import { GraveWatch, raisesFor } from './grave-watch.ts';

/** What raises cameras now: new P1s, then alarms. The list is another one only when it holds others. */
export function useRaises(incidents: readonly IncidentItem[], cameras: readonly CameraView[]): readonly Raise[] {
  const watch = useMemo(() => new GraveWatch(), []);
  const attention = useAttention();
  const held = watch.held(incidents, useServerNowMs());
  const key = held.map(({ id, revision }) => `${id} ${revision}`).join();
  return useMemo(() => [...raisesFor(held, cameras), ...raisesOf(attention)], [key, cameras, attention]);
}
