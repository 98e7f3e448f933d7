import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { silentLogger, sleep, systemClock } from '#libs/base';
import { SimCamera, type SimCameraSpec } from '../../camera-sim/model.ts';
import { startTown, type RunningTown } from '../../camera-sim/running-town.ts';
import { streamPathOf } from '../../camera-sim/stream-path.ts';
import { TOWN, townOf } from '../../camera-sim/town.ts';
import { MASTER_KEY, eventually, startRelay, stateOf, ticketFor, type RunningRelay } from './testing/processes.ts';
import { TilesClient, type SeenTile } from './testing/tiles-client.ts';

const run = promisify(execFile);

const SUB_FRAMES_PER_SECOND = 15;
const CLIPS = join(process.cwd(), 'camera-sim', 'clips');
/** Addresses of no other simulator on this machine. */
const FIRST_HOST = 61;
/** Its main stream has B-frames. */
const REORDERING = TOWN.find((spec) => spec.id === 'sim-10')!;
/** Its clock is 97 s ahead. */
const AHEAD = TOWN.find((spec) => spec.id === 'sim-06')!;
const SPECS: readonly SimCameraSpec[] = [...townOf(2), REORDERING, AHEAD].map((spec, index) => ({
  ...spec,
  host: `127.0.78.${FIRST_HOST + index}`,
}));

const idOf = (index: number): string => `0190f0a0-0000-7000-8000-0000000000${String(index + 1).padStart(2, '0')}`;

describe('tiles of the relay process', () => {
  let folder: string;
  let town: RunningTown;
  let relay: RunningRelay;
  const clients: TilesClient[] = [];
  const undo: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'atalaya-tiles-'));
    undo.push(() => rm(folder, { recursive: true, force: true }));
    town = await startTown(SPECS, { clock: systemClock, logger: silentLogger, controlPort: 0 });
    undo.push(() => town.stop());
    const path = join(folder, 'cameras.json');
    await writeFile(path, JSON.stringify({ cameras: SPECS.map(entryOf) }));
    relay = await startRelay({ ATALAYA_RELAY_CAMERAS: path, ATALAYA_KEY: MASTER_KEY.toString('hex') });
    undo.push(() => relay.kill('SIGKILL'));
    for (const spec of SPECS) await isOnline(spec);
  }, 60_000);

  afterAll(async () => {
    for (const step of undo.toReversed()) await step();
  });

  const isOnline = (spec: SimCameraSpec): Promise<true> =>
    eventually(async () => ((await stateOf(relay, spec.id)) === 'online' ? true : undefined), 15_000);
  const client = async (): Promise<TilesClient> => {
    const made = await TilesClient.open(relay.base);
    clients.push(made);
    return made;
  };
  const open = (page: TilesClient, tile: number, index: number, stream: 'main' | 'sub' = 'sub'): void =>
    page.ask({ op: 'open', tile, ticket: ticketFor(idOf(index), stream) });
  const metric = async (name: string): Promise<number> => {
    const text = await (await fetch(`${relay.base}/metrics`)).text();
    return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1]);
  };

  it.each([
    ['a sub stream', 0, 'sub', 'bench-sub', 60],
    ['a main stream on demand', 1, 'main', 'bench-main', 100],
    ['a main stream with B-frames', 2, 'main', REORDERING.main.clip, 100],
  ] as const)(
    'gives %s picture for picture as ffmpeg decodes the source',
    async (_what, index, stream, clip, count) => {
      const page = await client();
      open(page, 7, index, stream);
      await page.reaches(7, count, 20_000);
      page.ask({ op: 'close', tile: 7 });
      const seen = page.tile(7);
      expect([seen.inits.length, seen.fragments[0]?.isKey, seen.fragments[0]?.isDiscontinuity]).toEqual([
        1,
        true,
        true,
      ]);
      expect(numbersOf(seen)).toEqual(seen.fragments.map((_, at) => at));
      const file = join(folder, `${clip}.mp4`);
      await writeFile(file, Buffer.concat(seen.bytes));
      const shown = await pictureHashes(file);
      const source = await pictureHashes(join(CLIPS, `${clip}.264`));
      // A reordered picture that had not come yet when the tile was closed leaves a hole at the end.
      const whole = shown.slice(0, count - 4);
      const startAt = source.indexOf(whole[0]!);
      expect(startAt).toBeGreaterThanOrEqual(0);
      expect(whole).toEqual(whole.map((_, at) => source[(startAt + at) % source.length]));
      await page.close();
    },
    60_000,
  );

  it('starts a tile at once at the cached key frame, for the first reader and for the second', async () => {
    for (const tile of [1, 2]) {
      const page = await client();
      const startedMs = systemClock.monotonicMs();
      open(page, tile, 1);
      await eventually(() => page.tile(tile).fragments[0], 2_000);
      expect(systemClock.monotonicMs() - startedMs).toBeLessThan(500);
      expect(page.tile(tile).fragments[0]?.isKey).toBe(true);
    }
  });

  it('says when a picture was taken, or that it can tell the arrival only', async () => {
    const page = await client();
    open(page, 1, 3);
    open(page, 2, 0);
    await page.reaches(1, 30, 10_000);
    await page.reaches(2, 30, 10_000);
    const ageMs = (tile: number): number => systemClock.nowMs() - page.tile(tile).fragments.at(-1)!.capturedMs!;
    expect([page.tile(1).fragments.at(-1)!.isArrival, page.tile(2).fragments.at(-1)!.isArrival]).toEqual([false, true]);
    for (const tile of [1, 2]) {
      expect(ageMs(tile)).toBeGreaterThanOrEqual(-1);
      expect(ageMs(tile)).toBeLessThan(1_000);
    }
    await page.close();
  });

  it('carries 64 tiles on one socket and refuses one more', async () => {
    const page = await client();
    for (let tile = 0; tile <= 64; tile++) open(page, tile, tile % SPECS.length);
    await page.hears(64, 'refused', 'too-many-tiles', 5_000);
    for (let tile = 0; tile < 64; tile++) await page.reaches(tile, 45, 20_000);
    for (let tile = 0; tile < 64; tile++) {
      const seen = page.tile(tile);
      expect([seen.inits.length, seen.fragments[0]!.isKey]).toEqual([1, true]);
      expect(numbersOf(seen)).toEqual(seen.fragments.map((_, at) => at));
    }
    expect(page.unreadable).toBe(0);
    expect(await metric('atalaya_tiles')).toBeGreaterThanOrEqual(64);
    await page.close();
  }, 60_000);

  it('costs a slow page its pictures up to a key frame, and a fast one none', async () => {
    const skippedBefore = await metric('atalaya_tiles_fragments_skipped_total');
    const [slow, fast] = [await client(), await client()];
    for (let tile = 0; tile < 8; tile++) open(slow, tile, tile % 2, 'main');
    open(fast, 0, 0, 'main');
    await slow.reaches(0, 10, 15_000);
    await fast.reaches(0, 10, 15_000);
    slow.stall();
    await eventually(
      async () => ((await metric('atalaya_tiles_fragments_skipped_total')) > skippedBefore + 50 ? true : undefined),
      20_000,
    );
    const before = slow.tile(0).fragments.length;
    slow.readOn();
    await eventually(() => (gapsOf(slow.tile(0)).length > 0 ? true : undefined), 15_000);
    await slow.reaches(0, before + 50, 15_000);
    for (const at of gapsOf(slow.tile(0))) {
      expect(slow.tile(0).fragments[at]).toMatchObject({ isKey: true, isDiscontinuity: true });
    }
    expect(gapsOf(fast.tile(0))).toEqual([]);
    expect(fast.tile(0).fragments.length).toBeGreaterThan(100);
    await Promise.all([slow.close(), fast.close()]);
  }, 60_000);

  it('changes from sub to main without a missing moment, and back', async () => {
    const page = await client();
    open(page, 1, 0);
    await page.reaches(1, 20, 10_000);
    open(page, 1, 0, 'main');
    await eventually(() => (page.tile(1).inits.length === 2 ? true : undefined), 10_000);
    open(page, 1, 0, 'sub');
    await eventually(() => (page.tile(1).inits.length === 3 ? true : undefined), 10_000);
    await page.reaches(1, 90, 10_000);
    const { inits, fragments } = page.tile(1);
    expect(new Set(inits.map((init) => Buffer.from(init.segment).toString('hex'))).size).toBe(2);
    expect(fragments.filter((one) => one.isDiscontinuity).every((one) => one.isKey)).toBe(true);
    expect(gapsOf(page.tile(1))).toEqual([]);
    await page.close();
  }, 40_000);

  it('pauses, and resumes at a key frame', async () => {
    const page = await client();
    open(page, 1, 0);
    await page.reaches(1, 10, 10_000);
    page.ask({ op: 'pause', tile: 1 });
    await sleep(systemClock, 500);
    const before = page.tile(1).fragments.length;
    await sleep(systemClock, 1_000);
    expect(page.tile(1).fragments.length).toBe(before);
    page.ask({ op: 'resume', tile: 1 });
    await page.reaches(1, before + 10, 5_000);
    expect(page.tile(1).fragments[before]).toMatchObject({ isKey: true, isDiscontinuity: true });
    await page.close();
  });

  it('stops a tile whose ticket ran out, unless it was renewed', async () => {
    const page = await client();
    const soon = { expiresAtMs: Math.round(systemClock.nowMs()) + 2_000 };
    for (const tile of [1, 2]) page.ask({ op: 'open', tile, ticket: ticketFor(idOf(0), 'sub', soon) });
    await page.reaches(1, 5, 5_000);
    page.ask({ op: 'renew', tile: 2, ticket: ticketFor(idOf(0), 'sub') });
    await page.hears(1, 'refused', 'ticket-expired', 5_000);
    const [stopped, going] = [page.tile(1).fragments.length, page.tile(2).fragments.length];
    await page.reaches(2, going + 3 * SUB_FRAMES_PER_SECOND, 10_000);
    expect(page.tile(1).fragments.length).toBe(stopped);
    expect(page.tile(2).notices).not.toContainEqual(expect.objectContaining({ state: 'refused' }));
    await page.close();
  });

  it('refuses tickets that are forged, over, for another stream or for a camera that is not there', async () => {
    const page = await client();
    open(page, 9, 0);
    const good = ticketFor(idOf(0), 'sub');
    page.ask({ op: 'open', tile: 1, ticket: `${good.slice(0, -3)}${good.endsWith('AAA') ? 'BBB' : 'AAA'}` });
    page.ask({ op: 'open', tile: 2, ticket: ticketFor(idOf(0), 'sub', { expiresAtMs: 1 }) });
    page.ask({ op: 'open', tile: 3, ticket: 'nonsense' });
    page.ask({ op: 'open', tile: 4, ticket: ticketFor(idOf(70), 'sub') });
    page.ask({ op: 'renew', tile: 5, ticket: good });
    await page.hears(1, 'refused', 'ticket-forged', 5_000);
    await page.hears(2, 'refused', 'ticket-expired', 5_000);
    await page.hears(3, 'refused', 'ticket-malformed', 5_000);
    await page.hears(4, 'ended', 'stream-unknown', 5_000);
    await page.hears(5, 'refused', 'tile-unknown', 5_000);
    page.ask({ op: 'renew', tile: 9, ticket: ticketFor(idOf(1), 'sub') });
    await page.hears(9, 'refused', 'ticket-for-another', 5_000);
    for (const tile of [1, 2, 3, 4, 5]) expect(page.tile(tile).fragments).toEqual([]);
    await page.close();
  });

  it.each([
    ['noise', '{', 'request-malformed'],
    ['bytes', Buffer.from([1, 2, 3]), 'request-malformed'],
  ])('hangs up on %s', async (_what, data, reason) => {
    const page = await client();
    page.send(data);
    expect(await eventually(() => page.closed, 5_000)).toEqual({ code: 1008, reason });
  });

  it('hangs up on a message that is too long, and on too many', async () => {
    const [long, many] = [await client(), await client()];
    long.send('x'.repeat(2_000));
    for (let count = 0; count < 400; count++) many.ask({ op: 'close', tile: 1 });
    expect((await eventually(() => long.closed, 5_000)).code).toBe(1009);
    expect(await eventually(() => many.closed, 5_000)).toEqual({ code: 1008, reason: 'too-many-requests' });
  });

  it('answers 404 to other addresses, and keeps no socket that shows no ticket', async () => {
    await expect(TilesClient.open(relay.base, '/other')).rejects.toThrow('404');
    const page = await client();
    expect(await eventually(() => page.closed, 15_000)).toEqual({ code: 1008, reason: 'no-tile' });
  }, 20_000);

  it('says what is the matter with a camera, and goes on by itself when it is back', async () => {
    const page = await client();
    open(page, 1, 1);
    await page.reaches(1, 10, 5_000);
    town.cameras[1]!.setFaults({ unplugged: true });
    await page.hears(1, 'waiting', 'connect-refused', 15_000);
    const before = page.tile(1).fragments.length;
    town.cameras[1]!.setFaults({ unplugged: false });
    await page.reaches(1, before + 10, 15_000);
    expect(page.tile(1).fragments[before]).toMatchObject({ isKey: true, isDiscontinuity: true });
    await page.close();
  }, 50_000);

  it('announces other parameter sets with another init segment', async () => {
    const page = await client();
    open(page, 1, 1, 'main');
    await page.reaches(1, 10, 10_000);
    town.cameras[1]!.setFaults({ spsChanged: true });
    await eventually(() => (page.tile(1).inits.length > 1 ? true : undefined), 15_000);
    await page.reaches(1, page.tile(1).fragments.length + 20, 10_000);
    const { inits } = page.tile(1);
    expect(Buffer.from(inits[0]!.segment)).not.toEqual(Buffer.from(inits.at(-1)!.segment));
    await page.close();
  }, 40_000);

  it('lets an unwatched main stream go after its linger, and every socket and tile', async () => {
    const isPulled = async (): Promise<boolean> => {
      const text = await (await fetch(`${relay.base}/metrics`)).text();
      return text.includes(`atalaya_stream_frames_per_second{camera="${SPECS[0]!.id}",stream="main"}`);
    };
    open(await client(), 1, 0, 'main');
    await eventually(async () => ((await isPulled()) ? true : undefined), 10_000);
    for (const page of clients) if (!page.closed) await page.close();
    await eventually(async () => ((await metric('atalaya_tiles_sockets')) === 0 ? true : undefined), 5_000);
    expect(await metric('atalaya_tiles')).toBe(0);
    expect(await isPulled()).toBe(true);
    await eventually(async () => ((await isPulled()) ? undefined : true), 30_000);
  }, 45_000);
});

function entryOf(spec: SimCameraSpec, index: number): object {
  const camera = new SimCamera(spec);
  const uri = (token: string): string => `rtsp://${spec.host}:${spec.rtspPort}${streamPathOf(camera, token)}`;
  return {
    id: idOf(index),
    code: spec.id,
    host: spec.host,
    username: spec.username,
    password: spec.password,
    ...(spec.clockSkewMs !== 0 && { clockErrorMs: spec.clockSkewMs, clockUncertaintyMs: 20 }),
    streams: [
      { role: 'main', uri: uri(spec.main.token) },
      { role: 'sub', uri: uri(spec.sub.token) },
    ],
  };
}

function numbersOf(tile: SeenTile): number[] {
  return tile.fragments.map((fragment) => fragment.sequence);
}

/** Where numbers are missing in front of a fragment. */
function gapsOf(tile: SeenTile): number[] {
  return numbersOf(tile).flatMap((number, at, all) => (at > 0 && number !== all[at - 1]! + 1 ? [at] : []));
}

/** One hash a decoded picture, in the order in which they are shown, by ffmpeg. */
async function pictureHashes(path: string): Promise<string[]> {
  const args = ['-v', 'error', '-xerror', '-i', path, '-map', '0:v', '-fps_mode', 'passthrough', '-f', 'framemd5', '-'];
  const { stdout, stderr } = await run('ffmpeg', args, { maxBuffer: 16 * 1024 * 1024 });
  expect(stderr).toBe('');
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('0,'))
    .map((line) => line.split(',').at(-1)!.trim());
}
