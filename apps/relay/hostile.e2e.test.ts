import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '#libs/base';
import { HostileCamera, politeUntilPlay, rtpPacket, type Behaviour } from './testing/hostile-camera.ts';
import {
  eventually,
  gstStream,
  playlistUrl,
  reaches,
  startGstServer,
  startRelay,
  stateOf,
  type RunningRelay,
} from './testing/processes.ts';

const GOOD = '0190f0a0-0000-7000-8000-000000000100';
const X264 = 'x264enc tune=zerolatency key-int-max=25 bitrate=400 speed-preset=ultrafast';
const H264_MEDIA = 'm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=1';
const SILENT: Behaviour = () => {};

/** Sends what `make` gives, again and again, until the relay has had enough. */
function forEver(socket: Socket, everyMs: number, make: (count: number) => Buffer): void {
  let count = 0;
  const timer = systemClock.every(everyMs, () => {
    if (socket.writableLength < 1_000_000) socket.write(make(count++));
  });
  socket.on('close', () => timer.cancel());
}

/** NAL units of a stream that ffmpeg codes in H.265: what a camera sends whose SDP still says H.264. */
async function h265Nals(): Promise<Buffer[]> {
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=64x64:rate=25:duration=0.2'];
  const args = ['-v', 'error', ...picture, '-c:v', 'libx265', '-x265-params', 'log-level=none', '-f', 'hevc', '-'];
  const { stdout } = await promisify(execFile)('ffmpeg', args, { encoding: 'buffer' });
  const nals = stdout.toString('latin1').split('\0\0\u0001');
  return nals.flatMap((nal) => (nal.length > 1 && nal.length < 1_400 ? [Buffer.from(nal, 'latin1')] : []));
}

interface Case {
  readonly name: string;
  readonly codes: readonly string[];
  readonly behave: Behaviour;
  readonly greet?: (socket: Socket) => void;
}

const CASES: readonly Case[] = [
  { name: 'says nothing', codes: ['no-answer', 'rtsp-timeout'], behave: SILENT },
  {
    name: 'drips an endless header',
    codes: ['no-answer', 'rtsp-timeout', 'rtsp-malformed'],
    behave: (socket) => forEver(socket, 20, () => Buffer.from('a')),
  },
  {
    name: 'sends noise',
    codes: ['rtsp-malformed'],
    behave: SILENT,
    greet: (socket) => forEver(socket, 5, () => randomBytes(4_096)),
  },
  {
    name: 'announces a body without end',
    codes: ['rtsp-malformed'],
    behave: (socket, _, cseq) =>
      socket.write(`RTSP/1.0 200 OK\r\nCSeq: ${cseq}\r\nContent-Length: 99999999999\r\n\r\n`),
  },
  { name: 'hangs up', codes: ['connection-closed', 'connection-reset'], behave: (socket) => socket.destroy() },
  {
    name: 'redirects to another host',
    codes: ['rtsp-foreign-host'],
    behave: (socket, request, cseq) => {
      const location = request.startsWith('DESCRIBE') ? `Location: ${otherHost.uri}\r\n` : '';
      socket.write(`RTSP/1.0 ${location ? '302 Moved' : '200 OK'}\r\nCSeq: ${cseq}\r\n${location}\r\n`);
    },
  },
  {
    name: 'offers no codec that we carry',
    codes: ['codec-unsupported'],
    behave: politeUntilPlay('m=video 0 RTP/AVP 32', () => {}),
  },
  {
    name: 'lies about its codec',
    codes: ['codec-mismatch'],
    behave: politeUntilPlay(H264_MEDIA, (socket) => {
      forEver(socket, 20, (count) => rtpPacket(count, count * 3_600, otherCodec[count % otherCodec.length]!));
    }),
  },
  {
    name: 'plays damaged slices and never a key frame',
    codes: ['no-key-frame'],
    behave: politeUntilPlay(H264_MEDIA, (socket) => {
      const slice = (): Buffer => Buffer.concat([Buffer.from([0x61]), randomBytes(1_200)]);
      forEver(socket, 5, (count) => rtpPacket(count * 7, count * 99_999, slice()));
    }),
  },
];

/** What comes of it is chance (noise holds parameter sets too, in time); it must only harm nobody. */
const NOISE = politeUntilPlay(H264_MEDIA, (socket) => {
  forEver(socket, 5, (count) => rtpPacket(count, count * 3_600, randomBytes(1_200)));
});

let otherHost: HostileCamera;
let otherCodec: readonly Buffer[];

describe('hostile cameras', () => {
  const undo: (() => Promise<unknown>)[] = [];
  let relay: RunningRelay;

  beforeAll(async () => {
    otherCodec = await h265Nals();
    otherHost = await HostileCamera.start(SILENT, { host: '127.0.0.2' });
    undo.push(() => otherHost.stop());
    const good = await startGstServer([gstStream('/sub', 320, 240, X264, 'rtph264pay')]);
    undo.push(() => good.kill('SIGKILL'));
    const cameras = [entry(GOOD, 'GOOD', `rtsp://127.0.0.1:${good.port}/sub`)];
    for (const [index, { behave, greet }] of CASES.entries()) {
      const camera = await HostileCamera.start(behave, { greet });
      undo.push(() => camera.stop());
      cameras.push(entry(idOf(index), `BAD-${index}`, camera.uri));
    }
    const noise = await HostileCamera.start(NOISE);
    undo.push(() => noise.stop());
    cameras.push(entry(idOf(99), 'NOISE', noise.uri));
    const folder = await mkdtemp(join(tmpdir(), 'atalaya-hostile-'));
    undo.push(() => rm(folder, { recursive: true }));
    const path = join(folder, 'cameras.json');
    await writeFile(path, JSON.stringify({ cameras }));
    relay = await startRelay({ ATALAYA_RELAY_CAMERAS: path });
    undo.push(() => relay.kill('SIGKILL'));
  }, 30_000);

  afterAll(async () => {
    for (const step of undo.toReversed()) await step();
  });

  it.each(CASES.map((each, index) => ({ ...each, index })))(
    'one that $name is offline and says why',
    async ({ index, codes }) => {
      const reason = await eventually(
        async () => {
          const response = await fetch(playlistUrl(relay, idOf(index), 'sub'));
          const body = (await response.json()) as { code: string; details?: { reason: string } };
          return body.code === 'camera-offline' && codes.includes(body.details?.reason ?? '')
            ? body.details?.reason
            : undefined;
        },
        25_000,
        `BAD-${index} gave none of ${codes.join(', ')}`,
      );
      expect(codes).toContain(reason);
      expect(await stateOf(relay, `BAD-${index}`)).toBe('offline');
    },
    40_000,
  );

  it('none of them led the relay to another host', () => {
    expect(otherHost.connections).toBe(0);
  });

  it('none of them disturbed the camera beside them, or made the relay fail', async () => {
    await reaches(relay, 'GOOD', 'online', 1_000);
    const text = await (await fetch(playlistUrl(relay, GOOD, 'sub'))).text();
    expect(text).toContain('#EXTINF');
    expect(text).not.toContain('#EXT-X-DISCONTINUITY\n');
    const metrics = await (await fetch(`${relay.base}/metrics`)).text();
    expect(metrics).toContain('atalaya_stream_reconnects_total{camera="GOOD",stream="sub"} 0');
    expect(relay.lines.join('\n')).not.toContain('defect');
  });
});

function idOf(index: number): string {
  return `0190f0a0-0000-7000-8000-0000000002${String(index).padStart(2, '0')}`;
}

function entry(id: string, code: string, uri: string) {
  return { id, code, host: '127.0.0.1', streams: [{ role: 'sub', uri, framesPerSecond: 25 }] };
}
