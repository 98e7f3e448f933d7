import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock, refusal, silentLogger, type Refusal } from '#libs/base';
import type { TrackFormat } from '#libs/codec';
import { BlockPool, SegmentWindow } from '#libs/hls';
import { CameraStateMachine } from '#libs/relay';
import { signTicket } from '#libs/secret';
import { HlsEdge, type HlsCamera, type HlsStream } from './hls-edge.ts';
import { HttpServer } from './http-server.ts';
import { Metrics } from './metrics.ts';
import { SnapshotEdge } from './snapshot/snapshot-edge.ts';
import { SnapshotMaker } from './snapshot/snapshot-maker.ts';
import { TilesEdge } from './tiles/tiles-edge.ts';

const KEY = Buffer.alloc(32, 1);
const CAMERA = '0190f0a0-0000-7000-8000-000000000001';

/** A camera whose sub stream is always there and whose main stream is fetched on demand. */
class PretendCamera implements HlsCamera {
  readonly machine = new CameraStateMachine(0);
  readonly sub = new PretendStream();
  readonly main = new PretendStream();

  get state(): HlsCamera['state'] {
    return this.machine.state;
  }

  stream(role: 'main' | 'sub'): HlsStream {
    return role === 'sub' ? this.sub : this.main;
  }

  isWatched(stream: HlsStream): boolean {
    return stream === this.sub;
  }
}

class PretendStream implements HlsStream {
  readonly window = new SegmentWindow(1, new BlockPool(), new FakeClock());
  failure: Refusal | undefined;
  format: TrackFormat | undefined;
  asked = 0;

  ask(): void {
    this.asked++;
  }

  segment(bytes: number): void {
    this.window.useInit(Buffer.from('init'));
    this.window.announcePartTarget(90_000, 3_600);
    this.window.beginSegment(0);
    this.window.addPart({
      chunks: [Buffer.alloc(bytes)],
      totalBytes: bytes,
      durationTicks: 90_000,
      isIndependent: true,
    });
    this.window.closeSegment();
  }
}

describe('HttpServer', () => {
  let clock: FakeClock;
  let camera: PretendCamera;
  let server: HttpServer;
  let port: number;
  let problem: string | undefined;

  const address = (file: string, stream: 'main' | 'sub' = 'main'): string => {
    const ticket = signTicket(KEY, { cameraId: CAMERA, accountId: 'a', stream, expiresAtMs: clock.nowMs() + 60_000 });
    return `http://127.0.0.1:${port}/hls/${CAMERA}/${stream}/${file}?ticket=${ticket}`;
  };
  /** Lets the request reach the server, then moves its time on until it is answered. */
  const answerOf = async (pending: Promise<Response>): Promise<{ status: number; body: unknown; afterMs: number }> => {
    const answered: Response[] = [];
    void pending.then((value) => answered.push(value));
    const beganMs = clock.monotonicMs();
    while (answered.length === 0) {
      await new Promise((resolve) => setImmediate(resolve));
      await clock.advance(1);
    }
    const response = await pending;
    const type = response.headers.get('content-type');
    const body: unknown = type === 'application/json' ? await response.json() : await response.text();
    return { status: response.status, body, afterMs: clock.monotonicMs() - beganMs };
  };

  beforeEach(async () => {
    clock = new FakeClock();
    camera = new PretendCamera();
    problem = undefined;
    const hls = new HlsEdge({ ticketKey: KEY, clock, camera: (id) => (id === CAMERA ? camera : undefined) });
    const tiles = new TilesEdge({ ticketKey: KEY, clock, camera: () => undefined });
    const report = { available: false, canConvert: false, conversions: 0, maxConversions: 0 };
    const counters = { shortRuns: 0, shortRunsFailed: 0, conversionsStarted: 0, conversionsRefused: 0 };
    const metrics = new Metrics({
      cameras: () => [],
      tiles,
      ffmpeg: { report, counters },
      leases: () => ({ cameras: 0, confirmedAgoMs: 0, fenced: 0 }),
      clock,
    });
    const maker = new SnapshotMaker({ clock, make: () => Promise.reject(new Error('nothing is made here')) });
    const snapshots = new SnapshotEdge({ ticketKey: KEY, clock, maker, camera: () => undefined });
    server = new HttpServer({
      port: 0,
      hls,
      tiles,
      snapshots,
      metrics,
      clock,
      log: silentLogger,
      notReady: () => problem,
      peer: () => undefined,
    });
    port = await server.start();
  });

  afterEach(async () => {
    const stopped = server.stop();
    await clock.advance(2_000);
    await stopped;
  });

  it('keeps the first reader of a stream on demand until there is a segment', async () => {
    const pending = fetch(address('index.m3u8'));
    clock.after(3_000, () => camera.main.segment(100));
    const { status, body, afterMs } = await answerOf(pending);
    expect([status, camera.main.asked]).toEqual([200, 1]);
    expect(body).toContain('seg-1.m4s?ticket=');
    expect(afterMs).toBeGreaterThanOrEqual(2_900);
  });

  it('gives up after eight seconds and says when to ask again', async () => {
    const { status, body, afterMs } = await answerOf(fetch(address('index.m3u8')));
    expect([status, body]).toMatchObject([503, { code: 'stream-not-ready' }]);
    expect(afterMs).toBeGreaterThanOrEqual(7_900);
  });

  it('does not keep a reader waiting for what cannot come', async () => {
    camera.main.failure = refusal('peer-failed', 'rtsp-not-found', 'no such stream');
    expect(await answerOf(fetch(address('index.m3u8')))).toMatchObject({
      status: 503,
      body: { code: 'stream-unavailable', message: 'no such stream', details: { reason: 'rtsp-not-found' } },
    });
    camera.machine.failure(refusal('peer-failed', 'connect-refused', 'nobody there'), 0);
    expect(await answerOf(fetch(address('index.m3u8', 'sub')))).toMatchObject({
      status: 503,
      body: { code: 'camera-offline', details: { reason: 'connect-refused' } },
    });
  });

  it('refuses the reader that would be one too many to wait', async () => {
    const stop = new AbortController();
    const waiting = Array.from({ length: 256 }, () =>
      fetch(address('index.m3u8'), { signal: stop.signal }).catch(() => {}),
    );
    while (camera.main.asked < 256) await new Promise((resolve) => setImmediate(resolve));
    expect(await answerOf(fetch(address('index.m3u8')))).toMatchObject({
      status: 503,
      body: { code: 'too-many-waiting' },
    });
    stop.abort();
    await Promise.all(waiting);
  });

  it('cuts a reader that does not take its segment', async () => {
    camera.main.segment(20_000_000);
    const socket = connect(port, '127.0.0.1');
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    socket.on('error', () => {});
    socket.write(`GET ${address('seg-1.m4s').slice(`http://127.0.0.1:${port}`.length)} HTTP/1.1\r\nHost: x\r\n\r\n`);
    while (camera.main.asked === 0) await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(19_000);
    const during = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    await clock.advance(3_000);
    socket.resume();
    await closed;
    const after = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    expect(during).toContain('atalaya_relay_slow_readers_cut_total 0');
    expect(after).toContain('atalaya_relay_slow_readers_cut_total 1');
  });

  it('answers the machine itself only, not those behind its proxy', async () => {
    for (const path of ['/health/live', '/health/ready', '/metrics']) {
      const url = `http://127.0.0.1:${port}${path}`;
      expect((await fetch(url)).status).toBe(200);
      for (const header of ['X-Forwarded-For', 'Forwarded', 'Via']) {
        const response = await fetch(url, { headers: { [header]: 'for=10.0.0.9' } });
        expect([response.status, await response.json()]).toMatchObject([403, { code: 'loopback-only' }]);
      }
    }
    problem = 'not yet';
    expect((await fetch(`http://127.0.0.1:${port}/health/ready`)).status).toBe(503);
  });

  it('says so when there is nothing, in the words of every other refusal', async () => {
    const missing = await Promise.all(
      [`http://127.0.0.1:${port}/nothing`, address('init-7.mp4'), address('seg-7.m4s')].map(async (url) => {
        const response = await fetch(url);
        return [response.status, ((await response.json()) as { code: string }).code];
      }),
    );
    expect(missing).toEqual([
      [404, 'address-unknown'],
      [404, 'media-gone'],
      [404, 'media-gone'],
    ]);
  });
});
