import { describe, expect, it } from '@jest/globals';
import { AppendQueue, type Fragment } from './append-queue.ts';

const INIT = {
  kind: 'init',
  tile: 1,
  sequence: 0,
  mimeType: 'video/mp4; codecs="avc1.42C01E"',
  segment: Uint8Array.of(0),
} as const;

function fragment(number: number, change: Partial<Fragment> = {}): Fragment {
  return {
    kind: 'fragment',
    tile: 1,
    sequence: number,
    isKey: false,
    isDiscontinuity: false,
    capturedMs: null,
    isArrival: false,
    hasMore: false,
    showMs: number * 66,
    durationMs: 66,
    fragment: Uint8Array.of(number),
    ...change,
  };
}

const taken = (queue: AppendQueue) => {
  const batch = queue.take();
  return batch?.kind === 'fragments' ? [...batch.bytes] : batch?.kind;
};

describe('AppendQueue', () => {
  it('gives the init first, then what came meanwhile as one', () => {
    const queue = new AppendQueue();
    queue.push(INIT);
    queue.push(fragment(1, { isKey: true }));
    queue.push(fragment(2));
    expect([taken(queue), taken(queue), taken(queue), queue.isEmpty]).toEqual(['init', [1, 2], undefined, true]);
  });

  it('begins at a key fragment and calls it a break', () => {
    const queue = new AppendQueue();
    queue.push(INIT);
    queue.push(fragment(1));
    queue.push(fragment(2, { isKey: true }));
    queue.take();
    const batch = queue.take();
    expect(batch).toMatchObject({ kind: 'fragments', fragments: [{ sequence: 2, isDiscontinuity: true }] });
    expect(queue.droppedFragments).toBe(1);
  });

  it('waits for the end of the run that a tile starts with', () => {
    const queue = new AppendQueue();
    queue.push(fragment(1, { isKey: true, hasMore: true }));
    queue.push(fragment(2, { hasMore: true }));
    expect(taken(queue)).toBeUndefined();
    queue.push(fragment(3));
    expect(taken(queue)).toEqual([1, 2, 3]);
  });

  it('joins nothing across a break or another init', () => {
    const queue = new AppendQueue();
    queue.push(INIT);
    queue.push(fragment(1, { isKey: true }));
    queue.push(fragment(2, { isKey: true, isDiscontinuity: true }));
    queue.push({ ...INIT, segment: Uint8Array.of(9) });
    queue.push(fragment(3, { isKey: true }));
    const batches = Array.from({ length: 5 }, () => taken(queue));
    expect(batches).toEqual(['init', [1], [2], 'init', [3]]);
  });

  it('loses everything up to a key fragment when the browser does not keep up, but never the init', () => {
    const queue = new AppendQueue();
    queue.push(INIT);
    for (let number = 0; number <= 300; number++) queue.push(fragment(number % 256, { isKey: number === 0 }));
    queue.push(fragment(7, { isKey: true }));
    expect([taken(queue), taken(queue), queue.droppedFragments]).toEqual(['init', [7], 301]);
  });

  it('bounds bytes as well', () => {
    const queue = new AppendQueue();
    const large = { fragment: new Uint8Array(5 * 1024 * 1024) };
    queue.push(fragment(1, { isKey: true, ...large }));
    queue.push(fragment(2, large));
    expect([queue.isEmpty, queue.droppedFragments]).toEqual([true, 2]);
  });
});
