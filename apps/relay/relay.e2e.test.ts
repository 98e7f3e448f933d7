import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sleep, systemClock } from '#libs/base';
import {
  eventually,
  gstStream,
  playlistUrl,
  reaches,
  startGstServer,
  startRelay,
  stateOf,
  ticketFor,
  type RunningRelay,
} from './testing/processes.ts';

const run = promisify(execFile);

const LOGIN = { username: 'ana', password: 'una clave larga' };
const CAMERA = '0190f0a0-0000-7000-8000-000000000001';
const LOCKED = '0190f0a0-0000-7000-8000-000000000002';
const FOREIGN = '0190f0a0-0000-7000-8000-000000000003';
const H265 = '0190f0a0-0000-7000-8000-000000000004';

const X264 = 'x264enc tune=zerolatency key-int-max=25 bitrate=400 speed-preset=ultrafast';
const X264_B =
  'x264enc key-int-max=25 bframes=2 b-adapt=false bitrate=800 speed-preset=ultrafast rc-lookahead=0 ! video/x-h264,profile=main';
const X265 = 'x265enc key-int-max=25 bitrate=400 speed-preset=ultrafast tune=zerolatency';
const STREAMS = [
  gstStream('/sub', 320, 240, X264, 'rtph264pay'),
  gstStream('/main', 640, 360, X264_B, 'rtph264pay config-interval=1'),
  gstStream('/hevc', 320, 240, X265, 'rtph265pay config-interval=1'),
];

type Server = Awaited<ReturnType<typeof startGstServer>>;

describe('the relay and a GStreamer RTSP server', () => {
  let folder: string;
  let server: Server;
  let relay: RunningRelay;
  /** What was opened, in order; undone in reverse even when a later step failed. */
  const undo: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'atalaya-relay-'));
    undo.push(() => rm(folder, { recursive: true, force: true }));
    server = await startGstServer(STREAMS, { login: `${LOGIN.username}:${LOGIN.password}` });
    undo.push(() => server.kill('SIGKILL'));
    const path = join(folder, 'cameras.json');
    await writeFile(path, JSON.stringify({ cameras: camerasAt(server.port) }));
    relay = await startRelay({ ATALAYA_RELAY_CAMERAS: path });
    undo.push(() => relay.kill('SIGKILL'));
  }, 30_000);

  afterAll(async () => {
    for (const step of undo.toReversed()) await step();
  });

  it('is ready and has the camera online', async () => {
    await reaches(relay, 'C-01', 'online', 10_000);
    expect((await fetch(`${relay.base}/health/live`)).status).toBe(200);
    expect((await fetch(`${relay.base}/health/ready`)).status).toBe(200);
  });

  it.each([
    ['sub', CAMERA, { codec_name: 'h264', width: 320, height: 240, has_b_frames: 0 }],
    ['main', CAMERA, { codec_name: 'h264', width: 640, height: 360, has_b_frames: 2 }],
    ['sub', H265, { codec_name: 'hevc', width: 320, height: 240 }],
  ] as const)('ffprobe reads the %s playlist of %s', async (stream, camera, expected) => {
    await eventually(
      async () => ((await stateOf(relay, camera === H265 ? 'C-04' : 'C-01')) === 'online' ? true : undefined),
      10_000,
    );
    const url = playlistUrl(relay, camera, stream);
    const args = [
      '-v',
      'error',
      '-show_streams',
      '-show_entries',
      'packet=flags',
      '-read_intervals',
      '%+#60',
      '-of',
      'json',
      url,
    ];
    const { stdout, stderr } = await run('ffprobe', args);
    const seen = JSON.parse(stdout) as { streams: unknown[]; packets: { flags: string }[] };
    expect(seen.streams[0]).toMatchObject(expected);
    expect(seen.packets[0]?.flags.startsWith('K')).toBe(true);
    expect(stderr).toBe('');
  });

  it('ffmpeg decodes the live playlist without a complaint, at the pace of the source', async () => {
    const url = playlistUrl(relay, CAMERA, 'main');
    const args = [
      // At "warning" ffmpeg 5 complains of every live fMP4 playlist: it reads the init segment again at each reload.
      '-v',
      'error',
      '-xerror',
      '-i',
      url,
      '-t',
      '5',
      '-map',
      '0:v',
      '-fps_mode',
      'passthrough',
      '-f',
      'framemd5',
      '-',
    ];
    const { stdout, stderr } = await run('ffmpeg', args);
    expect(stderr).toBe('');
    const rows = stdout.split('\n').filter((line) => line.startsWith('0,'));
    expect(rows.length).toBeGreaterThanOrEqual(120);
    expect(rows.length).toBeLessThanOrEqual(130);
    expect(new Set(rows.map((row) => row.split(',').at(-1))).size).toBeGreaterThan(100);
  });

  it('GStreamer plays the playlist', async () => {
    const url = playlistUrl(relay, CAMERA, 'sub');
    const pipeline = ['playbin3', `uri=${url}`, `video-sink=fakesink name=sink num-buffers=60 sync=false`];
    const { stdout } = await run('gst-launch-1.0', pipeline, { timeout: 25_000 });
    expect(stdout).toContain('EOS');
  });

  it('lets nobody in without a fresh ticket for exactly this stream', async () => {
    const path = `${relay.base}/hls/${CAMERA}/sub/index.m3u8`;
    const answers = await Promise.all(
      [
        path,
        `${path}?ticket=nonsense`,
        `${path}?ticket=${ticketFor(CAMERA, 'sub', { expiresAtMs: 1 })}`,
        `${path}?ticket=${ticketFor(CAMERA, 'main')}`,
        `${path}?ticket=${ticketFor(LOCKED, 'sub')}`,
      ].map(async (url) => {
        const response = await fetch(url);
        return [response.status, ((await response.json()) as { code: string }).code];
      }),
    );
    expect(answers).toEqual([
      [401, 'ticket-missing'],
      [401, 'ticket-malformed'],
      [401, 'ticket-expired'],
      [403, 'ticket-for-another'],
      [403, 'ticket-for-another'],
    ]);
  });

  it('carries the ticket on every address, and answers HEAD and preflight', async () => {
    const url = playlistUrl(relay, CAMERA, 'sub');
    const response = await fetch(url);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('cache-control')).toBe('no-store');
    const text = await response.text();
    const addresses = text
      .split('\n')
      .flatMap((line) => (line.startsWith('seg-') ? [line] : (/URI="(.*)"/.exec(line)?.slice(1) ?? [])));
    expect(addresses.length).toBeGreaterThan(1);
    for (const address of addresses) {
      const head = await fetch(new URL(address, url), { method: 'HEAD' });
      expect([head.status, head.headers.get('cache-control')]).toEqual([200, 'private, max-age=60, immutable']);
      expect(Number(head.headers.get('content-length'))).toBeGreaterThan(100);
      expect((await fetch(new URL(address.split('?')[0]!, url))).status).toBe(401);
    }
    expect((await fetch(url, { method: 'OPTIONS' })).status).toBe(204);
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(405);
  });

  it('says why a camera cannot be shown, without its address or login', async () => {
    await reaches(relay, 'C-02', 'offline', 10_000);
    await reaches(relay, 'C-03', 'offline', 10_000);
    const answers = await Promise.all(
      [LOCKED, FOREIGN].map(async (camera) => {
        const response = await fetch(playlistUrl(relay, camera, 'sub'));
        return { status: response.status, retry: response.headers.get('retry-after'), body: await response.json() };
      }),
    );
    expect(answers).toMatchObject([
      { status: 503, retry: '2', body: { code: 'camera-offline', details: { reason: 'rtsp-unauthorized' } } },
      { status: 503, retry: '2', body: { code: 'camera-offline', details: { reason: 'stream-host-foreign' } } },
    ]);
    expect(JSON.stringify(answers)).not.toMatch(/127\.0|203\.0|clave|secreto/);
  });

  it('stops fetching a stream that nobody asks for', async () => {
    const main = 'atalaya_stream_bits_per_second{camera="C-01",stream="main"}';
    const text = async (): Promise<string> => (await fetch(`${relay.base}/metrics`)).text();
    await (await fetch(playlistUrl(relay, CAMERA, 'main'))).text();
    await eventually(async () => ((await text()).includes(main) ? true : undefined), 3_000);
    await eventually(
      async () => ((await text()).includes(main) ? undefined : true),
      20_000,
      'the main stream still runs',
    );
    expect(await stateOf(relay, 'C-01')).toBe('online');
  }, 40_000);

  it('is offline within five seconds of a lost server, online within five of its return, and plays on', async () => {
    const port = server.port;
    await server.kill('SIGKILL');
    await reaches(relay, 'C-01', 'offline', 5_000);
    expect(await (await fetch(playlistUrl(relay, CAMERA, 'sub'))).json()).toMatchObject({ code: 'camera-offline' });
    await sleep(systemClock, 3_000);
    server = await startGstServer(STREAMS, { port, login: `${LOGIN.username}:${LOGIN.password}` });
    await reaches(relay, 'C-01', 'online', 5_000);
    const text = await (await fetch(playlistUrl(relay, CAMERA, 'sub'))).text();
    expect(text).toContain('#EXT-X-DISCONTINUITY\n');
    const { stderr } = await run('ffmpeg', [
      '-v',
      'error',
      '-i',
      playlistUrl(relay, CAMERA, 'sub'),
      '-t',
      '2',
      '-f',
      'null',
      '-',
    ]);
    expect(stderr).toBe('');
  }, 40_000);

  it('a server that hangs without closing is offline too', async () => {
    await reaches(relay, 'C-01', 'online', 10_000);
    server.child.kill('SIGSTOP');
    try {
      await reaches(relay, 'C-01', 'offline', 5_000);
    } finally {
      server.child.kill('SIGCONT');
    }
    await reaches(relay, 'C-01', 'online', 5_000);
  }, 30_000);

  it('answers a reader that sends its request byte by byte with a cut, and others meanwhile', async () => {
    const socket = connect(relay.port, '127.0.0.1');
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    socket.on('error', () => {});
    socket.resume();
    socket.write('GET /hls/');
    const drip = systemClock.every(500, () => socket.write('x'));
    expect((await fetch(playlistUrl(relay, CAMERA, 'sub'))).status).toBe(200);
    await closed;
    drip.cancel();
  }, 45_000);

  it('ends by itself when it is asked to, and wrote no secret', async () => {
    expect(await relay.kill('SIGTERM')).toBe(0);
    const log = relay.lines.join('\n');
    expect(log).toContain('relay stopped');
    expect(log).not.toContain(LOGIN.password);
    expect(log).not.toContain('ticket=');
  });
});

function camerasAt(port: number): unknown[] {
  const at = (path: string, role: string): unknown => ({
    role,
    uri: `rtsp://127.0.0.1:${port}${path}`,
    framesPerSecond: 25,
  });
  return [
    { id: CAMERA, code: 'C-01', host: '127.0.0.1', ...LOGIN, streams: [at('/main', 'main'), at('/sub', 'sub')] },
    { id: LOCKED, code: 'C-02', host: '127.0.0.1', ...LOGIN, password: 'secreto', streams: [at('/sub', 'sub')] },
    { id: FOREIGN, code: 'C-03', host: '203.0.113.9', ...LOGIN, streams: [at('/sub', 'sub')] },
    { id: H265, code: 'C-04', host: '127.0.0.1', ...LOGIN, streams: [at('/hevc', 'sub')] },
  ];
}
