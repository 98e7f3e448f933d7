import { beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock, ok, refusal, refused, type Result } from '#libs/base';
import { parameterSetsOf, type TrackFormat } from '#libs/codec';
import type { Sink } from '#libs/relay';
import { KeyFrameHolder, type KeyFrame } from './key-frame-holder.ts';
import { SnapshotMaker, type Snapshot, type SnapshotStream } from './snapshot-maker.ts';

const FORMAT = ((): TrackFormat => {
  const sets = parameterSetsOf('h264');
  for (const hex of ['67640028acd940780227e5c05a808080a000000300200000078060', '68ebe3cb20']) {
    sets.offer(Buffer.from(hex, 'hex'), 0, hex.length / 2);
  }
  return sets.format()!;
})();

function viewOf(text: string): { buffer: Buffer; from: number; to: number } {
  const buffer = Buffer.from(text);
  return { buffer, from: 0, to: buffer.length };
}

class PretendStream implements SnapshotStream {
  readonly sinks: Sink[] = [];
  /** What a reader that joins is told at once. */
  first: string | undefined;
  peekPts90k = 90_000;

  attach(sink: Sink): boolean {
    this.sinks.push(sink);
    sink.format(FORMAT);
    if (this.first !== undefined) this.send(this.first, true);
    return true;
  }

  detach(sink: Sink): void {
    this.sinks.splice(this.sinks.indexOf(sink), 1);
  }

  /** As a reader that joins for this moment only. */
  peek(): KeyFrame | undefined {
    const holder = new KeyFrameHolder({ usedBytes: 0, maxBytes: 1_000 }, (pts90k) => this.captureTimeOf(pts90k));
    if (this.first === undefined) return undefined;
    holder.format(FORMAT);
    holder.unit({ ...viewOf(this.first), info: { pts90k: this.peekPts90k, isKey: true, arrivedMs: 0 } });
    return holder.frame;
  }

  captureTimeOf(pts90k: number): { atMs: number; isArrival: boolean } {
    return { atMs: pts90k / 90, isArrival: false };
  }

  send(text: string, isKey: boolean, bytes = Buffer.from(text)): void {
    const info = { pts90k: 90_000, isKey, arrivedMs: 0 };
    for (const sink of this.sinks) sink.unit({ buffer: bytes, from: 0, to: bytes.length, info });
  }
}

describe('SnapshotMaker', () => {
  let clock: FakeClock;
  let stream: PretendStream;
  let made: string[];
  let answer: (text: string) => Result<Buffer>;
  let maker: SnapshotMaker;
  let stop: AbortController;

  beforeEach(() => {
    clock = new FakeClock();
    stop = new AbortController();
    stream = new PretendStream();
    made = [];
    answer = (text) => ok(Buffer.from(`JPEG of ${text}`));
    maker = new SnapshotMaker({
      clock,
      make: (_order, input) => {
        const media = input.at(-1)!;
        const text = media.toString('latin1', media.indexOf('mdat') + 4);
        made.push(text);
        return Promise.resolve(answer(text));
      },
    });
    maker.run(stop.signal);
  });

  const told = (result: Result<Snapshot>): string => (result.ok ? result.value.jpeg.toString() : result.refusal.code);
  const ask = async (widthPx: 160 | 320 = 320): Promise<string> => told(await maker.picture('C sub', stream, widthPx));

  it('makes one picture of a key picture and a width, for all who ask', async () => {
    stream.first = 'one';
    expect(await Promise.all([ask(), ask(), ask(160)])).toEqual(Array(3).fill('JPEG of one'));
    await clock.advance(5_000);
    expect(await ask()).toBe('JPEG of one');
    expect([made, stream.sinks.length]).toEqual([['one', 'one'], 1]);
  });

  it('makes a newer one when there is one, at most about once a second', async () => {
    stream.first = 'one';
    await ask();
    stream.send('between', false);
    stream.send('two', true);
    await clock.advance(500);
    expect(await ask()).toBe('JPEG of one');
    await clock.advance(500);
    expect(await ask()).toBe('JPEG of two');
    expect((await maker.picture('C sub', stream, 320)).ok && made).toEqual(['one', 'two']);
  });

  it('waits for the first key picture, and gives up after a while', async () => {
    const waits = ask();
    await clock.advance(3_000);
    stream.send('late', true);
    expect(await waits).toBe('JPEG of late');
    const other = new PretendStream();
    const inVain = maker.picture('D sub', other, 320);
    await clock.advance(8_000);
    expect(told(await inVain)).toBe('stream-not-ready');
  });

  it('lets the stream go when nobody asks any more', async () => {
    stream.first = 'one';
    await ask();
    await clock.advance(9_000);
    expect([stream.sinks.length, maker.streamCount]).toEqual([1, 1]);
    await clock.advance(3_000);
    expect([stream.sinks.length, maker.streamCount]).toEqual([0, 0]);
    stream.first = 'two';
    expect(await ask()).toBe('JPEG of two');
  });

  it('passes on why there is no picture, and tries again when asked again', async () => {
    stream.first = 'one';
    answer = () => refused(refusal('unavailable', 'ffmpeg-missing', 'none'));
    expect(await ask()).toBe('ffmpeg-missing');
    answer = (text) => ok(Buffer.from(text));
    expect(await ask()).toBe('one');
  });

  it('wakes nothing for an overview: what there is, or nothing', async () => {
    const glance = async (): Promise<string> => told(await maker.glance('C sub', stream, 320));
    expect([await glance(), stream.sinks.length]).toEqual(['picture-none', 0]);
    stream.first = 'one';
    expect(await Promise.all([glance(), glance()])).toEqual(['JPEG of one', 'JPEG of one']);
    stream.first = 'two';
    stream.peekPts90k += 90_000;
    await clock.advance(19_000);
    expect(await glance()).toBe('JPEG of one');
    await clock.advance(1_000);
    expect(await glance()).toBe('JPEG of two');
    stream.first = undefined;
    await clock.advance(3_600_000);
    const old = await maker.glance('C sub', stream, 320);
    expect(old.ok && [old.value.jpeg.toString(), old.value.captured.atMs]).toEqual(['JPEG of two', 2_000]);
    expect([made, stream.sinks.length, maker.streamCount]).toEqual([['one', 'two'], 0, 0]);
  });

  it('keeps no key picture that is too large', async () => {
    const waits = ask();
    stream.send('', true, Buffer.alloc(5 * 1024 * 1024));
    await clock.advance(8_000);
    expect(await waits).toBe('stream-not-ready');
  });
});
