import { beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock, silentLogger } from '#libs/base';
import { FfmpegPool, type FfmpegPoolOptions } from './ffmpeg-pool.ts';
import type { FfmpegEvents, FfmpegOrder, Run } from './fluent.ts';

const ORDER: FfmpegOrder = { input: [], output: [] };
const QUIET: FfmpegEvents = { onData: () => {}, onEnd: () => {} };
const TOOLS = { canEncodeH264: true, canEncodeJpeg: true };

/** A process that does what the test says. */
class PretendRun implements Run {
  heldBytes = 0;
  isFinished = false;
  isStopped = false;

  constructor(
    readonly pid: number,
    readonly events: FfmpegEvents,
  ) {}

  write(): void {}

  finish(): void {
    this.isFinished = true;
  }

  stop(): void {
    this.isStopped = true;
    this.events.onEnd('killed');
  }
}

describe('FfmpegPool', () => {
  let clock: FakeClock;
  let runs: PretendRun[];
  let held: Set<number>;
  let stop: AbortController;

  beforeEach(() => {
    clock = new FakeClock();
    stop = new AbortController();
    runs = [];
    held = new Set();
  });

  function start(_order: FfmpegOrder, events: FfmpegEvents): Run {
    const run = new PretendRun(100 + runs.length, events);
    runs.push(run);
    queueMicrotask(() => events.onStart?.(run.pid));
    return run;
  }

  async function poolWith(change: Partial<FfmpegPoolOptions> = {}, signal = stop.signal): Promise<FfmpegPool> {
    const guard = {
      hold: (pid: number) => held.add(pid),
      free: (pid: number) => held.delete(pid),
      stop: () => held.clear(),
    };
    const pool = new FfmpegPool({
      isWanted: true,
      maxConversions: 2,
      clock,
      log: silentLogger,
      look: () => Promise.resolve(TOOLS),
      start,
      guard,
      ...change,
    });
    void pool.run(signal);
    await clock.advance(0);
    return pool;
  }

  const codeOf = async (asked: ReturnType<FfmpegPool['shortRun']>): Promise<string> => {
    const result = await asked;
    return result.ok ? 'ok' : result.refusal.code;
  };

  it('runs two pictures at a time, in the order of asking, and refuses when too many wait', async () => {
    const pool = await poolWith();
    const asked = Array.from({ length: 67 }, () => codeOf(pool.shortRun(ORDER, [])));
    await clock.advance(0);
    expect(runs.length).toBe(2);
    expect(await asked[66]).toBe('ffmpeg-busy');
    for (let index = 0; index < 66; index++) {
      runs[index]!.events.onData(Buffer.from('jpeg'));
      runs[index]!.events.onEnd(undefined);
      await clock.advance(0);
    }
    expect(new Set(await Promise.all(asked.slice(0, 66)))).toEqual(new Set(['ok']));
    expect([runs.length, pool.counters.shortRuns, held.size]).toEqual([66, 66, 0]);
  });

  it('ends a picture that takes too long or has no end', async () => {
    const pool = await poolWith();
    const [late, endless, empty] = [pool.shortRun(ORDER, []), pool.shortRun(ORDER, []), pool.shortRun(ORDER, [])].map(
      codeOf,
    );
    await clock.advance(0);
    for (let count = 0; count < 9; count++) runs[1]!.events.onData(Buffer.alloc(1024 * 1024));
    expect(runs[1]!.isStopped).toBe(true);
    expect(await endless).toBe('ffmpeg-failed');
    runs[2]!.events.onEnd(undefined);
    expect(await empty).toBe('ffmpeg-failed');
    await clock.advance(8_000);
    expect([await late, runs[0]!.isStopped]).toEqual(['ffmpeg-timeout', true]);
    expect(pool.counters.shortRunsFailed).toBe(3);
  });

  it('refuses one conversion too many until one has ended', async () => {
    const pool = await poolWith();
    expect([pool.convert(ORDER, QUIET).ok, pool.convert(ORDER, QUIET).ok]).toEqual([true, true]);
    expect(pool.convert(ORDER, QUIET)).toMatchObject({ ok: false, refusal: { code: 'convert-no-capacity' } });
    expect([pool.report.conversions, pool.counters.conversionsRefused]).toEqual([2, 1]);
    runs[0]!.events.onEnd('it crashed');
    expect([pool.report.conversions, pool.convert(ORDER, QUIET).ok]).toEqual([1, true]);
  });

  it('says that there is none, and looks again', async () => {
    let isThere = false;
    const look = (): Promise<typeof TOOLS> => (isThere ? Promise.resolve(TOOLS) : Promise.reject(new Error('ENOENT')));
    const pool = await poolWith({ look });
    expect(await codeOf(pool.shortRun(ORDER, []))).toBe('ffmpeg-missing');
    expect(pool.convert(ORDER, QUIET)).toMatchObject({ refusal: { code: 'ffmpeg-missing' } });
    expect(pool.report.available).toBe(false);
    isThere = true;
    await clock.advance(60_000);
    expect([pool.report.available, pool.convert(ORDER, QUIET).ok]).toEqual([true, true]);
  });

  it('takes one that does not answer for none, and one without x264 for pictures only', async () => {
    const silent = await poolWith({ look: () => new Promise(() => {}) });
    await clock.advance(20_000);
    expect(await codeOf(silent.shortRun(ORDER, []))).toBe('ffmpeg-missing');
    const plain = await poolWith({ look: () => Promise.resolve({ ...TOOLS, canEncodeH264: false }) });
    expect(plain.convert(ORDER, QUIET)).toMatchObject({ refusal: { code: 'convert-unable' } });
    expect(plain.report).toMatchObject({ available: true, canConvert: false });
  });

  it('ends everything when it is told to, and begins nothing afterwards', async () => {
    const end = new AbortController();
    const pool = await poolWith({}, end.signal);
    pool.convert(ORDER, QUIET);
    const picture = codeOf(pool.shortRun(ORDER, []));
    await clock.advance(0);
    end.abort();
    await clock.advance(0);
    expect([await picture, runs.every((run) => run.isStopped), held.size]).toEqual(['ffmpeg-failed', true, 0]);
    expect(await codeOf(pool.shortRun(ORDER, []))).toBe('ffmpeg-busy');
  });
});
