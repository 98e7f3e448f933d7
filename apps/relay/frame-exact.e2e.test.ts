import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { playlistUrl, reaches, startGstServer, startRelay, type RunningRelay } from './testing/processes.ts';

const run = promisify(execFile);

const SIZE = 'testsrc2=size=320x180:rate=25:duration=14';
/** 90 kHz ticks of a picture at 25 a second. */
const PICTURE_TICKS = 3_600;
const CLIPS = [
  {
    name: 'H.264 without B-frames',
    id: '0190f0a0-0000-7000-8000-000000000401',
    coder: ['-c:v', 'libx264', '-preset', 'veryfast', '-bf', '0', '-g', '25'],
    parse: 'h264parse ! rtph264pay',
    bFrames: 0,
  },
  {
    name: 'H.264 with B-frames that others refer to',
    id: '0190f0a0-0000-7000-8000-000000000402',
    coder: [
      '-c:v',
      'libx264',
      '-preset',
      'veryfast',
      '-bf',
      '3',
      '-b_strategy',
      '0',
      '-b-pyramid',
      'normal',
      '-g',
      '25',
    ],
    parse: 'h264parse ! rtph264pay config-interval=1',
    bFrames: 2,
  },
  {
    name: 'H.265 with B-frames',
    id: '0190f0a0-0000-7000-8000-000000000403',
    coder: [
      '-c:v',
      'libx265',
      '-preset',
      'ultrafast',
      '-x265-params',
      'log-level=none:keyint=25:bframes=3:b-adapt=0:open-gop=0',
    ],
    parse: 'h265parse ! rtph265pay config-interval=1',
    bFrames: 2,
  },
] as const;

interface Frame {
  readonly pts: number;
  readonly hash: string;
}

/** What ffmpeg decodes, picture by picture, in the order in which it is shown. */
async function decoded(input: readonly string[]): Promise<Frame[]> {
  const out = ['-map', '0:v', '-fps_mode', 'passthrough', '-enc_time_base', '1:90000', '-f', 'framemd5', '-'];
  const { stdout, stderr } = await run('ffmpeg', ['-v', 'error', '-xerror', ...input, ...out]);
  expect(stderr).toBe('');
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('0,'))
    .map((line) => line.split(',').map((field) => field.trim()))
    .map((fields) => ({ pts: Number(fields[2]), hash: fields.at(-1)! }));
}

/** GStreamer serves files that x264 and x265 coded; ffmpeg decodes the file and what the relay made of it. */
describe('every picture comes out as it went in', () => {
  let relay: RunningRelay;
  let folder: string;
  const undo: (() => Promise<unknown>)[] = [];
  const fileOf = (index: number): string => join(folder, `${index}.mp4`);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'atalaya-exact-'));
    undo.push(() => rm(folder, { recursive: true, force: true }));
    const encode = async ({ coder }: (typeof CLIPS)[number], index: number): Promise<unknown> =>
      run('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', SIZE, '-pix_fmt', 'yuv420p', ...coder, fileOf(index)]);
    await Promise.all(CLIPS.map(encode));
    const streams = CLIPS.map(({ parse }, index) => ({
      path: `/clip${index}`,
      launch: `filesrc location=${fileOf(index)} ! qtdemux ! ${parse} name=pay0 pt=96`,
    }));
    const server = await startGstServer(streams);
    undo.push(() => server.kill('SIGKILL'));
    const cameras = CLIPS.map(({ id }, index) => ({
      id,
      code: `X-${index}`,
      host: '127.0.0.1',
      streams: [{ role: 'main', uri: `rtsp://127.0.0.1:${server.port}/clip${index}` }],
    }));
    await writeFile(join(folder, 'cameras.json'), JSON.stringify({ cameras }));
    relay = await startRelay({ ATALAYA_RELAY_CAMERAS: join(folder, 'cameras.json') });
    undo.push(() => relay.kill('SIGKILL'));
  }, 60_000);

  afterAll(async () => {
    for (const step of undo.toReversed()) await step();
  });

  /** At the same time, because each takes as long as it plays. */
  it('for each of them', async () => {
    const results = await Promise.all(
      CLIPS.map(async ({ id, name, bFrames }, index) => {
        await reaches(relay, `X-${index}`, 'online', 10_000);
        const playlist = `${playlistUrl(relay, id, 'main')}&ll=0`;
        const [source, got, probe] = await Promise.all([
          decoded(['-i', fileOf(index)]),
          decoded(['-live_start_index', '0', '-i', playlist, '-t', '5']),
          run('ffprobe', ['-v', 'error', '-show_entries', 'stream=has_b_frames', '-of', 'csv=p=0', fileOf(index)]),
        ]);
        expect([name, Number.parseInt(probe.stdout, 10)]).toEqual([name, bFrames]);
        return { name, source, got };
      }),
    );
    for (const { name, source, got } of results) {
      const hashes = source.map((frame) => frame.hash);
      expect([name, new Set(hashes).size]).toEqual([name, source.length]);
      const from = hashes.indexOf(got[0]!.hash);
      expect([name, got.map((frame) => frame.hash)]).toEqual([name, hashes.slice(from, from + got.length)]);
      expect([name, got.length >= 120]).toEqual([name, true]);
      const steps = new Set(got.slice(1).map((frame, at) => frame.pts - got[at]!.pts));
      expect([name, [...steps]]).toEqual([name, [PICTURE_TICKS]]);
    }
  }, 60_000);
});
