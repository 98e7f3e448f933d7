import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import net from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock, type Refusal } from '#libs/base';
import { Assembly, type AccessUnitInfo, type TrackFormat } from '#libs/codec';
import { VideoReceiver } from '#libs/rtp';
import { RtspSession, type Credential } from '#libs/rtsp';

const password = randomBytes(9).toString('base64');
let server: ChildProcess;
let port = 0;

beforeAll(async () => {
  const script = fileURLToPath(new URL('./testdata/gst-server.py', import.meta.url));
  server = spawn('/usr/bin/python3', [script, password], { stdio: ['pipe', 'pipe', 'inherit'] });
  port = await new Promise<number>((resolve, reject) => {
    createInterface({ input: server.stdout! }).once('line', (line) => resolve(Number(line)));
    server.once('exit', (code) =>
      reject(new Error(`gst-rtsp-server ended with ${code}; are python3-gi and gir1.2-gst-rtsp-server-1.0 installed?`)),
    );
  });
});

afterAll(async () => {
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.stdin!.end();
  await ended;
});

interface Seen {
  units: (AccessUnitInfo & { bytes: number })[];
  format?: TrackFormat;
  refusal?: Refusal;
  wallErrorMs?: number;
  lost: number;
  damaged: number;
}

/** Plays until `wantedUnits` and a sender report came, or the session ended, over a socket that reads into one small shared buffer. */
function play(path: string, credential: Credential | undefined, wantedUnits: number): Promise<Seen> {
  return new Promise((resolve, reject) => {
    const seen: Seen = { units: [], lost: 0, damaged: 0 };
    const assembly = new Assembly(4_096, 4_000_000);
    let receiver: VideoReceiver;
    const finish = (): void => {
      session.close();
      ticking.cancel();
      socket.end(() => resolve(seen));
    };
    const session = new RtspSession({
      url: `rtsp://127.0.0.1:${port}${path}`,
      ...(credential && { credential }),
      clock: systemClock,
      send: (bytes) => socket.write(bytes),
      onTrack: (track) => {
        receiver = new VideoReceiver({
          ...track,
          assembly,
          reporterSsrc: 7,
          onFormat: (format) => (seen.format = format),
          onAccessUnit: (info) => {
            seen.units.push(info);
            assembly.rewind();
            const wall = receiver.wallClockOf(info.pts90k);
            if (wall !== undefined) seen.wallErrorMs = wall - systemClock.nowMs();
            if (seen.units.length % 10 === 0) session.sendRtcp(receiver.receiverReport(systemClock.monotonicMs()));
            if (seen.units.length < wantedUnits || wall === undefined) return;
            Object.assign(seen, { lost: receiver.stats.lostPackets, damaged: receiver.stats.damagedUnits });
            finish();
          },
          onRefusal: reject,
        });
      },
      onPacket: (buffer, from, to, channel) => {
        if (channel === 0) receiver.receiveRtp(buffer, from, to, systemClock.monotonicMs());
        else receiver.receiveRtcp(buffer, from, to, systemClock.monotonicMs());
      },
      onFail: (refusal) => {
        seen.refusal = refusal;
        finish();
      },
    });
    const shared = Buffer.allocUnsafeSlow(3_000);
    const callback = (bytes: number): boolean => {
      session.receive(shared, bytes);
      return true;
    };
    const socket = net.connect({ host: '127.0.0.1', port, onread: { buffer: shared, callback } }, () =>
      session.start(),
    );
    socket.on('error', reject);
    const ticking = systemClock.every(100, () => session.tick());
  });
}

describe('RtspSession with gst-rtsp-server', () => {
  const credential = (): Credential => ({ username: 'operator', password });

  it.each([
    ['/h264', 'h264', 'avc1.42C0'],
    ['/h264-bframes', 'h264', 'avc1.4D40'],
    ['/h265', 'h265', 'hvc1.1.6.L'],
  ])('logs in by digest and receives %s', async (path, codec, codecString) => {
    const seen = await play(path, credential(), 60);
    expect(seen.refusal).toBeUndefined();
    expect(seen.units.length).toBeGreaterThanOrEqual(50);
    expect(seen.units[0]!.isKey).toBe(true);
    expect(seen.units.filter((unit) => unit.isKey).length).toBeGreaterThanOrEqual(2);
    expect(seen).toMatchObject({ lost: 0, damaged: 0 });
    expect(seen.format).toMatchObject({ codec, widthPx: 322, heightPx: 182 });
    expect(seen.format!.codecString).toContain(codecString);
    const times = seen.units.map((unit) => unit.pts90k).sort((a, b) => a - b);
    const steps = times.slice(1).map((time, at) => time - times[at]!);
    // 50 pictures a second; a busy machine may leave some out, none comes twice or in between.
    const pictures = steps.map((step) => step / 1_800);
    expect(pictures.filter((count) => count < 0.9 || Math.abs(count - Math.round(count)) > 0.01)).toEqual([]);
    // Sender and receiver are the same machine: the sender report's clock is ours.
    expect(Math.abs(seen.wallErrorMs!)).toBeLessThan(2_000);
  });

  it.each([
    ['a wrong password', '/h264', { username: 'operator', password: 'wrong' }, 'rtsp-unauthorized'],
    ['no login', '/h264', undefined, 'rtsp-unauthorized'],
  ])('is refused with %s', async (_, path, login, code) => {
    expect((await play(path, login, 1)).refusal?.code).toBe(code);
  });

  it.each([
    ['a path that is not there', '/nowhere', 'rtsp-not-found'],
    ['a codec that is not carried', '/h263', 'codec-unsupported'],
  ])('says why for %s', async (_, path, code) => {
    const { refusal } = await play(path, credential(), 1);
    expect(refusal?.code).toBe(code);
    expect(JSON.stringify(refusal)).not.toContain(password);
  });
});
