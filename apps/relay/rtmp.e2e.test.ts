import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { systemClock } from '#libs/base';
import { newPublishKey } from '#libs/secret';
import { PG_CHANNELS } from '#libs/wire';
import { launchBrowser } from '../../scripts/e2e/browser.ts';
import { freePorts } from '../../scripts/e2e/free-ports.ts';
import { PlayerPage } from '../../scripts/hls-player/player-page.ts';
import { connected, createMigratedDatabase, insertPublisher, type PublisherSeed } from './testing/database.ts';
import { eventually, playlistUrl, start, startRelay, type Running, type RunningRelay } from './testing/processes.ts';
import { handshake, message, setChunkSize } from './testing/rtmp-bytes.ts';

const run = promisify(execFile);

const seed = (number: number, streamName: string): PublisherSeed => ({
  id: `0190f0a0-0000-7000-8000-00000000095${number}`,
  code: `B-0${number}`,
  streamName,
  key: newPublishKey(),
});
const PLAIN = seed(1, 'p1a1nnnn');
const B_FRAMES = seed(2, 'bframes2');
const GSTREAMER = seed(3, 'gstream3');
const NOBODY = seed(4, 'n0b0dy44');
const ALL = [PLAIN, B_FRAMES, GSTREAMER, NOBODY];

/** Whoever misbehaves does it from an address of its own. */
const HOSTILE = '127.0.95.9';
const FRAMES_READ = 60;

interface Health {
  readonly state: string;
  readonly reason_code: string | null;
  readonly reconnects: number;
}

describe('publishers of other makes and the RTMP port', () => {
  let relay: RunningRelay;
  let client: pg.Client;
  let databaseUrl: string;
  let rtmpPort: number;
  let folder: string;
  const publishers = new Map<string, Running>();
  /** What was opened, in order; undone in reverse even when a later step failed. */
  const undo: (() => Promise<unknown>)[] = [];

  const addressOf = ({ streamName, key }: Pick<PublisherSeed, 'streamName' | 'key'>): string =>
    `rtmp://127.0.0.1:${rtmpPort}/live/${streamName}?key=${key}`;
  const started = (publisher: Running): Running => {
    undo.push(() => publisher.kill('SIGKILL'));
    return publisher;
  };
  const ffmpeg = (file: string, address: string): Running => {
    const input = ['-v', 'error', '-re', '-stream_loop', '-1', '-i', join(folder, file)];
    return started(start('ffmpeg', [...input, '-c', 'copy', '-f', 'flv', address]));
  };
  const healthOf = async ({ id }: PublisherSeed): Promise<Health | undefined> =>
    (await client.query<Health>('SELECT * FROM camera_health WHERE camera_id = $1', [id])).rows[0];
  const reaches = (camera: PublisherSeed, state: string, reason: string | null, withinMs: number): Promise<Health> =>
    eventually(
      async () => {
        const health = await healthOf(camera);
        return health?.state === state && health.reason_code === reason ? health : undefined;
      },
      withinMs,
      `${camera.code} is not ${state} (${reason})`,
    );

  beforeAll(async () => {
    const database = await createMigratedDatabase();
    databaseUrl = database.url;
    undo.push(() => database.drop());
    client = await connected(databaseUrl);
    undo.push(() => client.end());
    for (const publisher of ALL) await insertPublisher(client, publisher);
    folder = await mkdtemp(join(tmpdir(), 'atalaya-rtmp-'));
    undo.push(() => rm(folder, { recursive: true, force: true }));
    await Promise.all([render('plain.mp4', 0), render('bframes.mp4', 3)]);
    [rtmpPort] = (await freePorts(1)) as [number];
    relay = await startRelay({ DATABASE_URL: databaseUrl, ATALAYA_RTMP_PORT: String(rtmpPort) });
    undo.push(() => relay.kill('SIGKILL'));
    await eventually(() => relay.lines.find((line) => line.includes('publishers can come')), 5_000);
    await eventually(async () => ((await fetch(`${relay.base}/health/ready`)).ok ? true : undefined), 10_000);
    publishers.set('plain', ffmpeg('plain.mp4', addressOf(PLAIN)));
    publishers.set('bframes', ffmpeg('bframes.mp4', addressOf(B_FRAMES)));
    publishers.set('gstreamer', started(startGStreamer(addressOf(GSTREAMER))));
  }, 60_000);

  afterAll(async () => {
    for (const step of undo.toReversed()) await step();
  });

  /** Numbered pictures: no two alike, so that a sequence of hashes tells which ones they are. */
  async function render(file: string, bFrames: number): Promise<void> {
    const source = ['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25:duration=12'];
    const codec = [
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
      '-pix_fmt',
      'yuv420p',
      '-g',
      '25',
      '-bf',
      String(bFrames),
    ];
    const order = ['-x264-params', `bframes=${bFrames}:b-adapt=0:scenecut=0`];
    await run('ffmpeg', ['-v', 'error', ...source, ...codec, ...order, join(folder, file)]);
  }

  function startGStreamer(address: string): Running {
    const pipeline = [
      'videotestsrc is-live=true ! video/x-raw,width=320,height=180,framerate=25/1',
      'x264enc tune=zerolatency key-int-max=25 speed-preset=ultrafast',
      'flvmux streamable=true',
      `rtmp2sink location=${address}`,
    ];
    return start('gst-launch-1.0', pipeline.join(' ! ').split(' '));
  }

  async function hashesOf(input: string, frames: readonly string[] = []): Promise<string[]> {
    const { stdout } = await run('ffmpeg', ['-v', 'error', '-i', input, ...frames, '-f', 'framemd5', '-'], {
      timeout: 20_000,
    });
    const lines = stdout.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    return lines.map((line) => line.split(',').at(-1)!.trim());
  }

  it.each([
    ['without B-frames', PLAIN, 'plain.mp4'],
    ['with B-frames', B_FRAMES, 'bframes.mp4'],
  ] as const)('gives HLS readers picture for picture what ffmpeg published %s', async (_what, camera, file) => {
    await reaches(camera, 'online', null, 10_000);
    const [source, read] = await Promise.all([
      hashesOf(join(folder, file)),
      hashesOf(playlistUrl(relay, camera.id, 'main'), ['-frames:v', String(FRAMES_READ)]),
    ]);
    const first = source.indexOf(read[0]!);
    expect([new Set(source).size, first % 25]).toEqual([300, 0]);
    expect(read).toEqual(Array.from({ length: FRAMES_READ }, (_, index) => source[(first + index) % source.length]));
  });

  it('takes what GStreamer publishes, and writes down what each sends', async () => {
    await reaches(GSTREAMER, 'online', null, 10_000);
    expect(await reaches(NOBODY, 'offline', 'not-publishing', 5_000)).toBeDefined();
    const { rows } = await client.query(
      `SELECT c.code, s.codec, s.width_px, s.height_px FROM camera_stream s JOIN camera c ON c.id = s.camera_id ORDER BY code`,
    );
    const sent = { codec: 'h264', width_px: 320, height_px: 180 };
    expect(rows).toMatchObject([sent, sent, sent, { width_px: 0 }]);
    const node = await client.query('SELECT rtmp_url FROM relay_node');
    expect(node.rows).toEqual([{ rtmp_url: `rtmp://{host}:${rtmpPort}/live` }]);
  });

  it('is played by hls.js in a browser', async () => {
    const browser = await launchBrowser();
    undo.push(() => browser.close());
    const page = await PlayerPage.open(browser, playlistUrl(relay, B_FRAMES.id, 'main'));
    await eventually(async () => ((await page.state()).playedS > 1 ? true : undefined), 15_000, 'nothing played');
    expect((await page.state()).errors.filter((error) => error.startsWith('fatal'))).toEqual([]);
    await page.close();
  }, 30_000);

  it('refuses a wrong key, an address of nobody and a wish to watch, and tells on the camera', async () => {
    const wrong = addressOf({ ...NOBODY, key: newPublishKey() });
    const unknown = addressOf({ ...NOBODY, streamName: 'strange9' });
    const codes = await Promise.all([
      exitOf(ffmpeg('plain.mp4', wrong)),
      exitOf(ffmpeg('plain.mp4', unknown)),
      exitOf(started(start('ffprobe', ['-v', 'error', addressOf(PLAIN)]))),
    ]);
    expect(codes.every((code) => code !== 0)).toBe(true);
    await reaches(NOBODY, 'offline', 'publish-key-wrong', 3_000);
    expect(await reaches(PLAIN, 'online', null, 1_000)).toMatchObject({ reconnects: 0 });
  });

  it('keeps the one who publishes, and lets the next one in once it is silent', async () => {
    const first = publishers.get('plain')!;
    expect(await exitOf(ffmpeg('bframes.mp4', addressOf(PLAIN)))).not.toBe(0);
    first.child.kill('SIGSTOP');
    await reaches(PLAIN, 'offline', 'no-frames', 6_000);
    const second = ffmpeg('plain.mp4', addressOf(PLAIN));
    publishers.set('plain', second);
    expect(await reaches(PLAIN, 'online', null, 5_000)).toMatchObject({ reconnects: 1 });
    first.child.kill('SIGCONT');
    expect(await exitOf(first)).not.toBe(0);
    expect(second.child.exitCode).toBeNull();
  }, 20_000);

  it('cuts whoever sends garbage, too much, too slowly or too often, and nobody else notices', async () => {
    const before = await memoryMb();
    const stranger = await knock();
    stranger.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    const huge = await knock();
    huge.write(Buffer.concat([handshake(), setChunkSize(65_536), message(9, Buffer.alloc(0), { lengthBytes: 16e6 })]));
    const slow = await knock();
    const drip = systemClock.every(100, () => slow.write(Buffer.from([3])));
    const crowd = await Promise.all(Array.from({ length: 60 }, knock));
    for (const socket of crowd) socket.write(Buffer.from([3, 0]));
    const slowMs = await Promise.all([gone(stranger), gone(huge)]).then(() => gone(slow));
    drip.cancel();
    // At most 16 of one address stay, and those not for long.
    await Promise.all(crowd.map(gone));
    expect(slowMs).toBeLessThan(8_000);
    expect((await memoryMb()) - before).toBeLessThan(60);
    expect(await figure('atalaya_rtmp_turned_away_total')).toBeGreaterThanOrEqual(40);
    await eventually(async () => ((await figure('atalaya_rtmp_connections')) === 3 ? true : undefined), 3_000);
    expect(await reaches(PLAIN, 'online', null, 1_000)).toMatchObject({ reconnects: 1 });
    expect(await reaches(B_FRAMES, 'online', null, 1_000)).toMatchObject({ reconnects: 0 });
  }, 20_000);

  it('ends a publisher within seconds of its key being revoked', async () => {
    const publisher = publishers.get('bframes')!;
    await client.query('UPDATE camera_publisher SET key_hash = NULL WHERE camera_id = $1', [B_FRAMES.id]);
    await client.query(`NOTIFY ${PG_CHANNELS.cameraConfig}`);
    const startMs = systemClock.monotonicMs();
    expect(await exitOf(publisher)).not.toBe(0);
    expect(systemClock.monotonicMs() - startMs).toBeLessThan(3_000);
    expect(await exitOf(ffmpeg('plain.mp4', addressOf(B_FRAMES)))).not.toBe(0);
    await reaches(B_FRAMES, 'offline', 'publish-key-revoked', 3_000);
    await reaches(GSTREAMER, 'online', null, 1_000);
  });

  it('is said where its port is taken, and the relay runs all the same', async () => {
    const cameras = join(folder, 'none.json');
    await writeFile(cameras, JSON.stringify({ cameras: [] }));
    const other = await startRelay({ ATALAYA_RELAY_CAMERAS: cameras, ATALAYA_RTMP_PORT: String(rtmpPort) });
    const line = await eventually(() => other.lines.find((text) => text.includes('cannot be used')), 3_000);
    expect(line).toContain('EADDRINUSE');
    expect((await fetch(`${other.base}/health/live`)).ok).toBe(true);
    expect(await other.kill('SIGTERM')).toBe(0);
  });

  it('leaves no key in any log, and ends with the relay', async () => {
    expect(await relay.kill('SIGTERM')).toBe(0);
    const log = relay.lines.join('\n');
    expect(log).toContain('publish-key-wrong');
    for (const { key } of ALL) expect(log).not.toContain(key);
    expect(await exitOf(publishers.get('plain')!)).not.toBe(0);
  });

  async function exitOf({ child }: Running): Promise<number | null> {
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    return child.exitCode;
  }

  async function knock(): Promise<Socket> {
    const socket = connect({ port: rtmpPort, host: '127.0.0.1', localAddress: HOSTILE });
    socket.on('error', () => {});
    await once(socket, 'connect');
    socket.resume();
    return socket;
  }

  async function gone(socket: Socket): Promise<number> {
    const startMs = systemClock.monotonicMs();
    if (!socket.closed) await once(socket, 'close');
    return systemClock.monotonicMs() - startMs;
  }

  async function memoryMb(): Promise<number> {
    const status = await readFile(`/proc/${relay.child.pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)![1]) / 1024;
  }

  async function figure(name: string): Promise<number> {
    const text = await (await fetch(`${relay.base}/metrics`)).text();
    return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1]);
  }
});
