import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock, type Refusal } from '#libs/base';
import { BlockPool, SegmentWindow } from '#libs/hls';
import { WaitingRoom } from './waiting-room.ts';

describe('WaitingRoom', () => {
  let clock: FakeClock;
  let room: WaitingRoom;
  let window: SegmentWindow;
  let looks: number;

  beforeEach(() => {
    clock = new FakeClock();
    room = new WaitingRoom(clock);
    window = new SegmentWindow(1, new BlockPool(1_000), clock);
    window.useInit(Buffer.from('init'));
    window.beginSegment(0);
    looks = 0;
  });

  const part = (): void =>
    window.addPart({ chunks: [Buffer.of(1)], totalBytes: 1, durationTicks: 18_000, isIndependent: true });
  const response = (): ServerResponse => new EventEmitter() as ServerResponse;
  const partCount = (): number => window.open?.parts.length ?? 0;
  const waitFor = (
    parts: number,
    { reader = 'r', withinMs = 1_000, to = response(), in: there = window } = {},
  ): Promise<string | Refusal> =>
    room.wait<string | Refusal>({
      window: there,
      reader,
      response: to,
      withinMs,
      look: () => {
        looks++;
        return partCount() >= parts ? `part ${partCount()}` : undefined;
      },
      tooLate: () => 'too late',
    });

  it('answers at once what is there', async () => {
    part();
    expect(await waitFor(1)).toBe('part 1');
    expect([room.size, looks]).toEqual([0, 1]);
  });

  it('answers with the part that comes, once for all that came in one go', async () => {
    const answer = waitFor(1);
    part();
    part();
    expect(await answer).toBe('part 2');
    expect([room.size, looks]).toEqual([0, 2]);
  });

  it('sees the segment that a part ended as closed', async () => {
    const answer = room.wait<number>({
      window,
      reader: 'r',
      response: response(),
      withinMs: 1_000,
      look: () => (partCount() === 0 && window.listed.length > 0 ? window.lastClosed : undefined),
      tooLate: () => -1,
    });
    part();
    window.closeSegment();
    window.beginSegment(1);
    expect(await answer).toBe(1);
  });

  it('ends with the deadline, with the reader, and with what only a look can tell', async () => {
    const late = waitFor(9, { withinMs: 1_000 });
    await clock.advance(900);
    expect(room.size).toBe(1);
    await clock.advance(300);
    expect(await late).toBe('too late');
    const gone = response();
    const left = waitFor(9, { to: gone });
    gone.emit('close');
    expect(await left).toBe('too late');
    expect(gone.listenerCount('close')).toBe(0);
    expect(room.size).toBe(0);
  });

  it('leaves no timer behind when nobody waits', async () => {
    await Promise.all([waitFor(9, { withinMs: 100 }), clock.advance(1_000)]);
    const before = looks;
    part();
    await clock.advance(10_000);
    expect(looks).toBe(before);
  });

  it('holds only so many of a reader, of a stream and of all', async () => {
    for (let count = 0; count < 128; count++) void waitFor(9, { reader: 'one' });
    expect(await waitFor(9, { reader: 'one' })).toMatchObject({ code: 'too-many-waiting' });
    for (let count = 0; count < 128; count++) void waitFor(9, { reader: `${count}` });
    expect(room.size).toBe(256);
    expect(await waitFor(9, { reader: 'another' })).toMatchObject({
      message: '256 readers of this stream wait already',
    });
    for (let stream = 0; stream < 3; stream++) {
      const other = new SegmentWindow(1, new BlockPool(1_000), clock);
      for (let count = 0; count < 256; count++) void waitFor(9, { reader: `${stream} ${count}`, in: other });
    }
    expect(room.size).toBe(1_024);
    const more = new SegmentWindow(1, new BlockPool(1_000), clock);
    expect(await waitFor(9, { reader: 'x', in: more })).toMatchObject({ message: '1024 readers wait already' });
    await clock.advance(1_500);
    expect(room.size).toBe(0);
    const again = waitFor(9, { reader: 'one', withinMs: 1 });
    expect(room.size).toBe(1);
    await clock.advance(500);
    expect(await again).toBe('too late');
  });
});
