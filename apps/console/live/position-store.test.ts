import { describe, expect, it } from '@jest/globals';
import type { PositionBatch } from '#libs/wire';
import { PositionStore, type MovedUnits } from './position-store.ts';

const batch = (...rows: PositionBatch['rows']): PositionBatch => ({ epoch: 'a', seq: 1, serverNowMs: 0, rows });

describe('positions of units', () => {
  it('keep the latest fix of each and tell only what moved', () => {
    const store = new PositionStore();
    const heard: MovedUnits[] = [];
    store.subscribe((moved) => heard.push(moved));
    store.take(batch(['m1', -17.64, -71.34, 90, 20, 1_000], ['m2', -17.65, -71.33, null, null, 1_000]));
    store.take(batch(['m1', -17.641, -71.34, 95, 20, 2_000], ['m2', -17, -71, null, null, 900]));
    store.take(batch(['m1', -17.7, -71.3, 0, 0, 2_000]));
    expect(heard.map((moved) => [...moved.keys()])).toEqual([['m1', 'm2'], ['m1']]);
    expect(store.fixOf('m1')).toMatchObject({ latitudeDeg: -17.641, bearingDeg: 95 });
    expect(store.fixOf('m2')).toMatchObject({ latitudeDeg: -17.65 });
  });

  it('take a snapshot without going back behind what came by the socket', () => {
    const store = new PositionStore();
    store.take(batch(['m1', 1, 1, null, null, 5_000]));
    const fix = { latitudeDeg: 2, longitudeDeg: 2, bearingDeg: null, speedKmh: null };
    store.seed(
      new Map([
        ['m1', { ...fix, takenAtMs: 4_000 }],
        ['m2', { ...fix, takenAtMs: 1 }],
      ]),
    );
    expect(store.fixOf('m1')?.latitudeDeg).toBe(1);
    expect(store.fixOf('m2')?.latitudeDeg).toBe(2);
  });
});
