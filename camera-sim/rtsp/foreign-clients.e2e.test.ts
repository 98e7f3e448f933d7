import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { silentLogger, systemClock } from '#libs/base';
import { parseAdts } from '../clip/adts.ts';
import type { ProfileRole } from '../clip/choice.ts';
import { clipsDirectory } from '../clip/library.ts';
import { readStamp } from '../stamp.ts';
import { listening, openCamera, runProgram, type TestCamera } from '../testing/foreign.ts';
import { TOWN } from '../town.ts';
import { openStudio } from './index.ts';

const cameras: TestCamera[] = [];
const studio = openStudio(systemClock, silentLogger);

beforeAll(async () => {
  for (const spec of TOWN) cameras.push(await openCamera(spec, studio));
});

afterAll(async () => {
  await Promise.all(cameras.map(({ server }) => server.stop()));
});

const MAKERS = TOWN.slice(0, 4).map((spec, position) => [spec.id, spec.vendor, position] as const);

function decode(
  url: string,
  frames: number,
  transport: 'tcp' | 'udp' = 'tcp',
): Promise<{ stamps: readonly unknown[] }> {
  return decodeAs(url, frames, transport, 640, 360);
}

async function decodeAs(url: string, frames: number, transport: string, widthPx: number, heightPx: number) {
  const input = ['-v', 'error', '-rtsp_transport', transport, '-i', url];
  const output = ['-frames:v', String(frames), '-fps_mode', 'passthrough', '-s', `${widthPx}x${heightPx}`];
  const { stdout, stderr } = await runProgram('ffmpeg', [
    ...input,
    ...output,
    '-f',
    'rawvideo',
    '-pix_fmt',
    'gray',
    'pipe:1',
  ]);
  const pictures = Math.floor(stdout.length / (widthPx * heightPx));
  const stamps = Array.from({ length: pictures }, (_, at) =>
    readStamp({
      data: stdout.subarray(at * widthPx * heightPx, (at + 1) * widthPx * heightPx),
      widthPx,
      heightPx,
      channels: 1,
    }),
  );
  return { stamps, stderr };
}

describe('the camera that has a microphone', () => {
  /** Packets as ffmpeg copies them: their hashes. */
  const packetsOf = async (input: readonly string[]): Promise<string[]> => {
    const { stdout } = await runProgram('ffmpeg', [
      '-v',
      'error',
      ...input,
      '-map',
      '0:a',
      '-c',
      'copy',
      '-f',
      'framemd5',
      '-',
    ]);
    const lines = stdout
      .toString()
      .split('\n')
      .filter((line) => line.startsWith('0,'));
    // Behind the hash there may be one of side data.
    return lines.map((line) => line.split(',')[5]!.trim());
  };

  it('is heard by ffmpeg over TCP and UDP, frame by frame as it lies in its file', async () => {
    const { camera, url } = cameras[0]!;
    const file = join(clipsDirectory(), `${camera.spec.audioClip}.aac`);
    const [source, ...heard] = await Promise.all([
      packetsOf(['-i', file, '-bsf:a', 'aac_adtstoasc']),
      ...(['tcp', 'udp'] as const).map((way) => packetsOf(['-rtsp_transport', way, '-i', url('sub'), '-t', '2'])),
    ]);
    expect(parseAdts('file', readFileSync(file)).frames).toHaveLength(source.length);
    for (const frames of heard) {
      const from = source.indexOf(frames[0]!);
      const expected = frames.map((_, at) => source[(from + at) % source.length]);
      expect(frames.length).toBeGreaterThan(25);
      expect(frames).toEqual(expected);
    }
  });

  it('is the only one', async () => {
    const entries = ['-show_entries', 'stream=codec_type', '-of', 'csv=p=0'];
    const { stdout } = await runProgram('ffprobe', ['-v', 'error', ...entries, cameras[1]!.url('sub')]);
    expect(stdout.toString().trim()).toBe('video');
    expect(TOWN.filter((spec) => spec.audioClip !== undefined)).toHaveLength(1);
  });
});

describe('ffprobe reads every camera', () => {
  // Streams come in real time: reading them beside each other costs no more than reading one.
  it.each([
    ['main', 'tcp'],
    ['main', 'udp'],
    ['sub', 'tcp'],
    ['sub', 'udp'],
  ] as const)('%s over %s', async (role, way) => {
    const said = await Promise.all(
      cameras.map(async ({ camera, url }) => {
        const entries = ['-select_streams', 'v', '-show_entries', 'stream=codec_name,width,height', '-of', 'csv=p=0'];
        const probe = await runProgram('ffprobe', ['-v', 'error', '-rtsp_transport', way, ...entries, url(role)]);
        return { id: camera.spec.id, said: probe.stdout.toString().trim(), code: probe.code };
      }),
    );
    const announced = cameras.map(({ camera }) => {
      const { codec, widthPx, heightPx } = camera.spec[role];
      return { id: camera.spec.id, said: `${codec === 'h265' ? 'hevc' : 'h264'},${widthPx},${heightPx}`, code: 0 };
    });
    expect(said).toEqual(announced);
  });
});

describe('GStreamer', () => {
  const READS = [
    [0, 'main', 'tcp'],
    [1, 'main', 'udp'],
    [2, 'sub', 'udp'],
    [3, 'sub', 'tcp'],
    [6, 'main', 'tcp'],
    [9, 'main', 'tcp'],
  ] as const;

  it('decodes each maker and codec, over both transports', async () => {
    const said = await Promise.all(READS.map(([position, role, way]) => playedByGStreamer(position, role, way)));
    expect(said).toEqual(READS.map(([position]) => ({ position, eos: true })));
  });
});

async function playedByGStreamer(position: number, role: ProfileRole, way: string) {
  const { camera, url } = cameras[position]!;
  const { username, password } = camera.spec;
  const location = url(role).replace(/\/\/[^@]+@/, '//');
  const login = [`user-id=${username}`, `user-pw=${password}`];
  const source = ['rtspsrc', `location=${location}`, ...login, `protocols=${way}`, 'latency=100'];
  const sink = ['!', 'decodebin', '!', 'fakesink', 'num-buffers=20'];
  // Its exit code is no evidence: rtspsrc of 1.22 sometimes closes its connection before it sends PAUSE at the end, and
  // then complains about that. The end itself comes only after the wanted number of decoded pictures.
  const { stdout } = await runProgram('gst-launch-1.0', [...source, ...sink]);
  return { position, eos: stdout.includes('Got EOS') };
}

describe('what ffmpeg decodes', () => {
  it('is every frame in turn, over the end of the loop', async () => {
    const streams = [
      ['sub', 0, 15, 640, 360],
      ['main', 5, 12.5, 1280, 720],
      ['main', 9, 12.5, 1280, 720],
      ['main', 1, 12.5, 1280, 720],
    ] as const;
    await Promise.all(
      streams.map(async ([role, position, rate, width, height]) => {
        const { url } = cameras[position]!;
        const { stamps } = await decodeAs(url(role), Math.round(rate * 11.5), 'tcp', width, height);
        expect(stamps.length).toBeGreaterThanOrEqual(rate * 11);
        const first = stamps[0]!.frame;
        expect(stamps).toEqual(stamps.map((_, at) => ({ scene: position + 1, frame: (first + at) % (rate * 10) })));
      }),
    );
  });

  it('is the true second of the wall clock', async () => {
    const { camera, url, server } = cameras[7]!;
    const { stamps } = await decodeAs(url('sub'), 20, 'tcp', 640, 360);
    const last = stamps.at(-1)!;
    const sent = server
      .streamOf('sub')
      .sent.list()
      .findLast(({ frame }) => frame === last.frame)!;
    const shownMs = (camera.spec.loopPhaseMs! + (last.frame * 1_000) / 15) % 10_000;
    const lateMs = ((sent.sentAtMs % 10_000) - shownMs + 10_000) % 10_000;
    expect(lateMs).toBeLessThan(500);
  });

  it('arrives over UDP too', async () => {
    const { stamps } = await decode(cameras[2]!.url('sub'), 30, 'udp');
    expect(stamps).toHaveLength(30);
    expect(stamps.every((stamp) => stamp !== undefined)).toBe(true);
  });
});

describe('a wrong password', () => {
  it.each(MAKERS)('is refused by %s (%s)', async (_id, _vendor, position) => {
    const { code, stderr } = await runProgram('ffprobe', [
      '-v',
      'error',
      cameras[position]!.url('sub', 'wrong-password'),
    ]);
    expect(code).not.toBe(0);
    expect(stderr).toContain('401 Unauthorized');
  });
});

describe('faults seen from outside', () => {
  const role: ProfileRole = 'main';

  it('damaged packets make a decoder complain', async () => {
    const { camera, url } = cameras[4]!;
    camera.setFaults({ corruptShare: 0.2 });
    const input = ['-v', 'error', '-rtsp_transport', 'tcp', '-i', url(role), '-frames:v', '40', '-f', 'null', '-'];
    const { stderr } = await runProgram('ffmpeg', input);
    camera.setFaults({ corruptShare: 0 });
    expect(stderr.length).toBeGreaterThan(0);
    const clean = await runProgram('ffmpeg', input);
    expect(clean.stderr).toBe('');
  });

  it('an unplugged camera resets its readers and refuses, plugged in it serves again', async () => {
    const { camera, url, server } = cameras[8]!;
    const { port } = server;
    const reading = runProgram('ffmpeg', [
      '-v',
      'error',
      '-rtsp_transport',
      'tcp',
      '-i',
      url('sub'),
      '-f',
      'null',
      '-',
    ]);
    while (server.sessionCount === 0) await new Promise((resolve) => systemClock.after(50, () => resolve(undefined)));
    camera.setFaults({ unplugged: true });
    await reading;
    const refused = await runProgram('ffprobe', ['-v', 'error', `rtsp://x:y@${camera.host}:${port}/live/sub`]);
    expect(refused.stderr).toContain('Connection refused');
    camera.setFaults({ unplugged: false });
    await listening(cameras[8]!);
    const again = await decodeAs(url('sub'), 3, 'tcp', 640, 360);
    expect(again.stamps).toHaveLength(3);
  });

  it('a camera that reboots with a new address is there and not here', async () => {
    const { camera, url, server } = cameras[10]!;
    const [oldHost, oldPort] = [camera.host, server.port];
    camera.reboot('127.0.1.211');
    await listening(cameras[10]!);
    const { stamps } = await decodeAs(url('sub'), 3, 'tcp', 640, 360);
    expect(stamps).toHaveLength(3);
    const refused = await runProgram('ffprobe', [
      '-v',
      'error',
      `rtsp://x:y@${oldHost}:${oldPort}/Streaming/Channels/102`,
    ]);
    expect(refused.stderr).toContain('Connection refused');
  });

  it('a changed SPS is another resolution', async () => {
    const { camera, url } = cameras[6]!;
    camera.setFaults({ spsChanged: true });
    const entries = ['-show_entries', 'stream=codec_name,width,height', '-of', 'csv=p=0'];
    const probe = await runProgram('ffprobe', ['-v', 'error', '-rtsp_transport', 'tcp', ...entries, url('main')]);
    expect(probe.stdout.toString().trim()).toBe('hevc,960,540');
    camera.setFaults({ spsChanged: false });
  });
});
