import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock, ok, refusal, refused, silentLogger, type Refusal } from '#libs/base';
import { Assembly, parameterSetsOf, type AccessUnitInfo, type TrackFormat } from '#libs/codec';
import { Conversion } from './conversion.ts';
import type { FfmpegPool } from './ffmpeg-pool.ts';
import type { FfmpegEvents, FfmpegOrder, Run } from './fluent.ts';

/** Ten pictures by x264 at 25 a second, as conversions are (libs/flv/testdata/render.sh). */
const GOLDEN = readFileSync(join(process.cwd(), 'libs/flv/testdata/zerolatency.flv'));
const FORMAT = formatOf(['67640028acd940780227e5c05a808080a000000300200000078060', '68ebe3cb20']);
/** Media time of the first picture of a run, milliseconds (libs/fmp4/unit-fragmenter.ts). */
const FIRST_MS = 10_000;
const FRAME_TICKS = 3_600;

function formatOf(hex: readonly string[]): TrackFormat {
  const sets = parameterSetsOf('h264');
  for (const text of hex) sets.offer(Buffer.from(text, 'hex'), 0, text.length / 2);
  return { ...sets.format()!, reorderFrames: 0 };
}

/** The golden file, told from `FIRST_MS` on. */
function goldenFrom(firstMs: number): Buffer {
  const bytes = Buffer.from(GOLDEN);
  for (let at = 13; at + 11 <= bytes.length; at += 15 + bytes.readUIntBE(at + 1, 3)) {
    bytes.writeUIntBE(bytes.readUIntBE(at + 4, 3) + firstMs, at + 4, 3);
  }
  return bytes;
}

class PretendRun implements Run {
  heldBytes = 0;
  isStopped = false;
  readonly written: Buffer[] = [];

  constructor(readonly events: FfmpegEvents) {}

  write(chunk: Buffer): void {
    this.written.push(chunk);
  }

  finish(): void {}

  stop(): void {
    this.isStopped = true;
  }
}

describe('Conversion', () => {
  let clock: FakeClock;
  let runs: PretendRun[];
  let problem: Refusal | undefined;
  let seen: (AccessUnitInfo & { readonly bytes: number })[];
  let formats: string[];
  let breaks: number;
  let conversion: Conversion;

  beforeEach(() => {
    clock = new FakeClock();
    [runs, seen, formats, breaks, problem] = [[], [], [], 0, undefined];
    const convert = (_order: FfmpegOrder, events: FfmpegEvents): ReturnType<FfmpegPool['convert']> => {
      if (problem) return refused(problem);
      runs.push(new PretendRun(events));
      return ok(runs.at(-1)!);
    };
    const assembly = new Assembly(1_024, 1_000_000);
    conversion = new Conversion({
      pool: { convert } as unknown as FfmpegPool,
      limits: { widthPx: 640, maxKbps: 800 },
      clock,
      log: silentLogger,
      onFormat: (format) => formats.push(`${format.codec} ${format.widthPx}x${format.heightPx}`),
      onUnit: (info) => {
        seen.push(info);
        assembly.rewind();
      },
      onBegin: () => assembly,
      onBreak: () => breaks++,
    });
  });

  /** @param isKey of the first one */
  function send(count: number, isKey: boolean, from = 0): boolean[] {
    return Array.from({ length: count }, (_, index) => {
      const at = from + index;
      const info = { pts90k: 5_000_000 + at * FRAME_TICKS, isKey: isKey && index === 0, arrivedMs: at * 40 };
      return conversion.unit({ buffer: Buffer.from('00000003654433', 'hex'), from: 0, to: 7, info });
    });
  }

  it('gives pictures back with the times of those they were made of', () => {
    conversion.format(FORMAT);
    send(1, false);
    expect(runs.length).toBe(0);
    expect(send(12, true)).not.toContain(false);
    expect(runs[0]!.written.length).toBe(13);
    runs[0]!.events.onData(goldenFrom(FIRST_MS));
    expect(formats).toEqual(['h264 64x48']);
    expect(seen.length).toBe(10);
    expect(seen[0]).toMatchObject({ isKey: true, pts90k: 5_000_000, arrivedMs: 0 });
    expect(seen.every(({ pts90k, arrivedMs }) => pts90k - 5_000_000 === (arrivedMs / 40) * FRAME_TICKS)).toBe(true);
  });

  it('says why it cannot, and tries again at a key picture a while later', async () => {
    problem = refusal('too-many', 'convert-no-capacity', 'full');
    conversion.format(FORMAT);
    expect(send(3, true)).not.toContain(false);
    expect(conversion.failure?.code).toBe('convert-no-capacity');
    problem = undefined;
    send(1, true, 3);
    expect(runs.length).toBe(0);
    await clock.advance(2_000);
    send(1, false, 4);
    expect(runs.length).toBe(0);
    send(1, true, 5);
    expect(runs.length).toBe(1);
  });

  it('begins again after ffmpeg ended, was silent, or said nonsense; later each time', async () => {
    conversion.format(FORMAT);
    send(2, true);
    runs[0]!.events.onEnd('crashed');
    expect([conversion.failure?.code, breaks]).toEqual(['convert-failed', 1]);
    await clock.advance(1_000);
    send(2, true, 50);
    await clock.advance(10_001);
    conversion.tick(clock.monotonicMs());
    expect([runs[1]!.isStopped, breaks]).toEqual([true, 2]);
    send(1, true, 100);
    expect(runs.length).toBe(2);
    await clock.advance(2_000);
    send(1, true, 101);
    runs[2]!.events.onData(Buffer.from('no FLV at all'));
    expect([runs[2]!.isStopped, breaks]).toEqual([true, 3]);
    runs[2]!.events.onEnd('killed');
    expect(breaks).toBe(3);
  });

  it('takes nothing while ffmpeg does not keep up', async () => {
    conversion.format(FORMAT);
    send(12, true);
    runs[0]!.events.onData(goldenFrom(FIRST_MS));
    expect(send(1, false, 12)).toEqual([true]);
    await clock.advance(1_501);
    expect(send(1, false, 13)).toEqual([false]);
    runs[0]!.heldBytes = 5 * 1024 * 1024;
    expect(send(1, false, 14)).toEqual([false]);
  });

  it('ends the run with a gap, with another format, and when nobody watches', () => {
    conversion.format(FORMAT);
    send(2, true);
    conversion.gap();
    expect([runs[0]!.isStopped, breaks]).toEqual([true, 1]);
    send(2, true, 10);
    conversion.format(FORMAT);
    send(2, true, 20);
    conversion.stop();
    expect([runs.map((run) => run.isStopped), breaks]).toEqual([[true, true, true], 3]);
    runs[0]!.events.onData(goldenFrom(FIRST_MS));
    expect(seen).toEqual([]);
  });
});
