import { describe, expect, it } from '@jest/globals';
import { lightApart, longestFirst, takeNext, townApart } from './test-lanes.mjs';

const FILES = [
  'libs/rtp/rtcp.e2e.test.ts',
  'apps/relay/relay.e2e.test.ts',
  'apps/relay/tiles.e2e.test.ts',
  'camera-sim/running-town.e2e.test.ts',
  'scripts/e2e/pages.e2e.test.ts',
  'scripts/e2e/ptz.e2e.test.ts',
  'scripts/supervisor/cluster.e2e.test.ts',
];

describe('the lanes of tests', () => {
  it('begin with what takes longest', () => {
    expect(longestFirst(FILES).slice(0, 3)).toEqual([
      'scripts/e2e/ptz.e2e.test.ts',
      'apps/relay/tiles.e2e.test.ts',
      'scripts/e2e/pages.e2e.test.ts',
    ]);
    expect(longestFirst(FILES).toSorted()).toEqual(FILES.toSorted());
  });

  it('do not run two walls beside each other while there is something else to do', () => {
    const fileOf = (name: string): string => `scripts/e2e/${name}.e2e.test.ts`;
    const [watchtower, tiles, pages] = [fileOf('watchtower'), fileOf('tiles'), fileOf('pages')] as const;
    const queue = [tiles, pages];
    expect(takeNext(queue, new Set([watchtower]))).toBe(pages);
    expect(takeNext(queue, new Set([watchtower]))).toBe(tiles);
    expect(takeNext(queue, new Set())).toBeUndefined();
  });

  it('give what mostly waits a lane of its own, and lose none', () => {
    const [shared, light] = lightApart(FILES);
    expect(light).toEqual(['scripts/e2e/ptz.e2e.test.ts']);
    expect([...shared!, ...light!].toSorted()).toEqual(FILES.toSorted());
  });

  it('keep suites of the town in one lane where the network is shared, and lose none', () => {
    const [town, own] = townApart(FILES);
    expect(town).toContain('camera-sim/running-town.e2e.test.ts');
    expect(town).toContain('scripts/e2e/ptz.e2e.test.ts');
    expect(own).toEqual([
      'apps/relay/relay.e2e.test.ts',
      'libs/rtp/rtcp.e2e.test.ts',
      'scripts/supervisor/cluster.e2e.test.ts',
    ]);
    expect([...town!, ...own!].toSorted()).toEqual(FILES.toSorted());
  });
});
