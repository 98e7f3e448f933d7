import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '#libs/base';
import { readPlaylist, type ReadPlaylist } from '#libs/hls';
import { checkLive } from '../../scripts/playlist-check/live-check.ts';
import { eventually, playlistUrl, reaches, startRelay, ticketFor, type RunningRelay } from './testing/processes.ts';
import { startTestTown, type TestTown, type TownCamera } from './testing/town.ts';

const run = promisify(execFile);

const PLAIN: TownCamera = { id: '0190f0a0-0000-7000-8000-000000000101', like: 'sim-01' };
/** B-frames in its main stream. */
const REORDERED: TownCamera = { id: '0190f0a0-0000-7000-8000-000000000102', like: 'sim-10' };
/** Its clock is 1350 ms ahead; 300 ms more are said, to see that what is said counts. */
const AHEAD: TownCamera = { id: '0190f0a0-0000-7000-8000-000000000103', like: 'sim-03', clockErrorMs: 1_650 };
const CAMERAS = [PLAIN, REORDERED, AHEAD];
const CHECK_S = 20;

const readAt = async (url: string): Promise<ReadPlaylist> => readPlaylist(await (await fetch(url)).text());
const answerOf = async (url: string): Promise<{ status: number; code: string | undefined }> => {
  const response = await fetch(url);
  const text = await response.text();
  return { status: response.status, code: response.ok ? undefined : (JSON.parse(text) as { code: string }).code };
};

describe('low-latency HLS of the relay', () => {
  let folder: string;
  let town: TestTown;
  let relay: RunningRelay;
  const undo: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'atalaya-ll-'));
    undo.push(() => rm(folder, { recursive: true, force: true }));
    town = await startTestTown(CAMERAS, 81);
    undo.push(() => town.stop());
    const cameras = await town.writeCameras(folder);
    relay = await startRelay({ ATALAYA_RELAY_CAMERAS: cameras, ATALAYA_RELAY_WINDOW_S: '16' });
    undo.push(() => relay.kill('SIGKILL'));
    for (const { like } of CAMERAS) await reaches(relay, like, 'online', 15_000);
  }, 60_000);

  afterAll(async () => {
    for (const step of undo.toReversed()) await step();
  });

  it(`breaks no rule within ${CHECK_S} s of a player's reading, and answers with each part`, async () => {
    const report = await checkLive(playlistUrl(relay, PLAIN.id, 'sub'), AbortSignal.timeout(CHECK_S * 1_000));
    expect(report.violations).toEqual([]);
    // 15 frames a second, parts of three.
    expect(report.parts).toBeGreaterThan(CHECK_S * 4.5);
    expect(report.hints).toBeGreaterThan(CHECK_S * 4);
    // Once more is listed than the skip boundary of six target durations, 12 s.
    expect(report.deltas).toBeGreaterThan(CHECK_S);
    expect(report.segments).toBeGreaterThan(CHECK_S - 5);
    const median = report.heldMs[Math.floor(report.heldMs.length / 2)]!;
    expect(median).toBeGreaterThan(100);
    expect(median).toBeLessThan(250);
  }, 90_000);

  it('says in the master playlist what both streams are, and in each where the other is', async () => {
    const tickets = { main: ticketFor(PLAIN.id, 'main'), sub: ticketFor(PLAIN.id, 'sub') };
    const master = `${relay.base}/hls/${PLAIN.id}/index.m3u8`;
    const text = await (await fetch(`${master}?main=${tickets.main}&sub=${tickets.sub}`)).text();
    expect(text).toMatch(/BANDWIDTH=\d+,CODECS="avc1\.[0-9A-F]{6}",RESOLUTION=640x360,FRAME-RATE=15\.0\d\d\nsub\//);
    expect(text).toMatch(/BANDWIDTH=\d+,CODECS="avc1\.[0-9A-F]{6}",RESOLUTION=1280x720,FRAME-RATE=12\.500\nmain\//);
    const bandwidths = [...text.matchAll(/BANDWIDTH=(\d+)/g)].map((match) => Number(match[1]));
    expect(bandwidths[0]).toBeLessThan(bandwidths[1]!);
    const addresses = text.split('\n').filter((line) => /^(main|sub)\//.test(line));
    for (const [index, address] of addresses.entries()) {
      const playlist = await readAt(new URL(address, master).href);
      const other = addresses[1 - index]!;
      expect(playlist.reports[0]).toMatchObject({ URI: `../${other}` });
      const told = await readAt(new URL(other, master).href);
      const last = told.open?.sequence ?? told.segments.at(-1)!.sequence;
      expect(last - Number(playlist.reports[0]!['LAST-MSN'])).toBeLessThanOrEqual(1);
      expect(last - Number(playlist.reports[0]!['LAST-MSN'])).toBeGreaterThanOrEqual(0);
    }
    const only = await (await fetch(`${master}?sub=${tickets.sub}`)).text();
    expect(only).not.toContain('main/');
    expect(await answerOf(master)).toEqual({ status: 401, code: 'ticket-missing' });
    expect(await answerOf(`${master}?main=${tickets.sub}`)).toEqual({ status: 403, code: 'ticket-for-another' });
    const probe = [
      '-v',
      'error',
      '-show_entries',
      'stream=width',
      '-of',
      'csv=p=0',
      `${master}?main=${tickets.main}&sub=${tickets.sub}`,
    ];
    const { stdout } = await run('ffprobe', probe);
    expect(new Set(stdout.match(/\d+/g))).toEqual(new Set(['640', '1280']));
  }, 30_000);

  it('leaves parts and control out for who wants plain HLS', async () => {
    const text = await (await fetch(`${playlistUrl(relay, PLAIN.id, 'sub')}&ll=0`)).text();
    expect(text).toContain('#EXT-X-VERSION:7\n');
    expect(text).not.toMatch(/EXT-X-(PART|SERVER-CONTROL|PRELOAD-HINT|SKIP)/);
    const report = await checkLive(`${playlistUrl(relay, PLAIN.id, 'sub')}&ll=0`, AbortSignal.timeout(5_000));
    expect(report.violations).toEqual([]);
  });

  it.each([
    ['_HLS_msn=abc', 'directive-not-a-number'],
    ['_HLS_msn=-4', 'directive-not-a-number'],
    ['_HLS_part=1', 'directive-incomplete'],
    ['_HLS_skip=maybe', 'directive-unknown'],
    ['_HLS_msn=999999999999', 'directive-too-far'],
  ])('refuses %s at once', async (query, code) => {
    const startMs = systemClock.monotonicMs();
    expect(await answerOf(`${playlistUrl(relay, PLAIN.id, 'sub')}&${query}`)).toEqual({ status: 400, code });
    expect(systemClock.monotonicMs() - startMs).toBeLessThan(1_000);
  });

  it('refuses what is more than the advance limit ahead, and gives what is there at once', async () => {
    const url = playlistUrl(relay, PLAIN.id, 'sub');
    const { segments, mediaSequence } = await readAt(url);
    const last = segments.at(-1)!.sequence;
    expect(await answerOf(`${url}&_HLS_msn=${last + 5}`)).toEqual({ status: 400, code: 'directive-too-far' });
    expect(await answerOf(`${url}&_HLS_msn=${last + 2}&_HLS_part=60`)).toMatchObject({ status: 400 });
    expect(await answerOf(`${url}&_HLS_msn=${mediaSequence}&_HLS_part=0`)).toMatchObject({ status: 200 });
    const held = await readAt(`${url}&_HLS_msn=${last + 1}`);
    expect(held.segments.at(-1)!.sequence).toBeGreaterThan(last);
  });

  it.each([
    ['without B-frames', PLAIN, 'sub'],
    ['with B-frames', REORDERED, 'main'],
  ] as const)(
    'gives the same frames as the source over its parts, %s',
    async (_name, camera, role) => {
      const frames = await framesOfParts(playlistUrl(relay, camera.id, role), 6, folder);
      const spec = town.spec(camera);
      const clip = await framesOf(join('camera-sim/clips', `${spec[role].clip}.264`));
      const from = clip.indexOf(frames[0]!);
      expect(from).toBeGreaterThanOrEqual(0);
      expect(frames.length).toBeGreaterThan(60);
      expect(frames).toEqual(frames.map((_, index) => clip[(from + index) % clip.length]));
    },
    60_000,
  );

  it('is played by ffmpeg and GStreamer', async () => {
    const url = playlistUrl(relay, PLAIN.id, 'sub');
    const ffmpeg = ['-v', 'error', '-xerror', '-i', url, '-t', '3', '-f', 'framemd5', '-'];
    const { stdout } = await run('ffmpeg', ffmpeg, { timeout: 30_000 });
    expect(stdout.split('\n').filter((line) => line.startsWith('0,')).length).toBeGreaterThan(40);
    const pipeline = ['playbin3', `uri=${url}`, 'video-sink=fakesink num-buffers=45 sync=false'];
    const gst = await run('gst-launch-1.0', pipeline, { timeout: 30_000 });
    expect(gst.stdout).toContain('EOS');
  }, 60_000);

  it("tells when a picture was taken by the camera's reports, less its clock error", async () => {
    const { loopPhaseMs = 0 } = town.spec(AHEAD);
    // Key frames of the sub stream show whole seconds of the loop; 300 ms too much error is said.
    const offsetOf = async (): Promise<number> => {
      const { segments } = await readAt(playlistUrl(relay, AHEAD.id, 'sub'));
      return (((segments.at(-1)!.dateMs! - loopPhaseMs) % 1_000) + 1_000) % 1_000;
    };
    const isTold = async (): Promise<true | undefined> => (Math.abs((await offsetOf()) - 700) < 40 ? true : undefined);
    await eventually(isTold, 45_000, 'the date is not 300 ms early');
  }, 60_000);

  it('lets go of those who wait when the camera goes offline, and says why', async () => {
    const url = playlistUrl(relay, AHEAD.id, 'sub');
    const { segments, open } = await readAt(url);
    const next = (open?.sequence ?? segments.at(-1)!.sequence + 1) + 1;
    const waiting = Array.from({ length: 20 }, () => answerOf(`${url}&_HLS_msn=${next}`));
    town.cameras[CAMERAS.indexOf(AHEAD)]!.setFaults({ unplugged: true });
    const hint = answerOf(new URL(open?.parts.length ? (await readAt(url)).hint! : 'part-1-0.m4s', url).href);
    const startMs = systemClock.monotonicMs();
    const answers = await Promise.all(waiting);
    expect(systemClock.monotonicMs() - startMs).toBeLessThan(5_000);
    for (const answer of answers) {
      // One that was satisfied by what had been on the way already was told so.
      expect([undefined, 'camera-offline', 'playlist-late']).toContain(answer.code);
    }
    expect(answers.filter((answer) => answer.code !== undefined).length).toBe(20);
    expect((await hint).status).not.toBe(500);
    expect(await answerOf(url)).toEqual({ status: 503, code: 'camera-offline' });
    town.cameras[CAMERAS.indexOf(AHEAD)]!.setFaults({ unplugged: false });
    await reaches(relay, AHEAD.like, 'online', 15_000);
    const isBack = async (): Promise<true | undefined> => ((await answerOf(url)).status === 200 ? true : undefined);
    await eventually(isBack, 10_000);
  }, 60_000);
});

/** Hashes of the decoded frames of a file, in the order in which they are shown. */
async function framesOf(file: string): Promise<string[]> {
  const { stdout } = await run(
    'ffmpeg',
    ['-v', 'error', '-i', file, '-map', '0:v', '-fps_mode', 'passthrough', '-f', 'framemd5', '-'],
    {
      maxBuffer: 1 << 24,
    },
  );
  const rows = stdout.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return rows.map((line) => line.split(',').at(-1)!.trim());
}

/** So many segments' worth of parts, each fetched as it comes, decoded by ffmpeg. */
async function framesOfParts(url: string, segments: number, folder: string): Promise<string[]> {
  const bytes = async (uri: string): Promise<Buffer> =>
    Buffer.from(await (await fetch(new URL(uri, url))).arrayBuffer());
  let playlist = await readAt(url);
  const chunks = [await bytes(playlist.segments.at(-1)!.map!)];
  for (let count = 0, sequence = playlist.segments.at(-1)!.sequence + 1; count < segments; sequence++) {
    playlist = await readAt(`${url}&_HLS_msn=${sequence}`);
    const segment = playlist.segments.find((each) => each.sequence === sequence)!;
    for (const part of segment.parts) chunks.push(await bytes(part.uri));
    count++;
  }
  const file = join(folder, 'parts.mp4');
  await writeFile(file, Buffer.concat(chunks));
  return framesOf(file);
}
