import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '#libs/base';
import {
  eventually,
  gstStream,
  startGstServer,
  startRelay,
  stateOf,
  ticketFor,
  type RunningRelay,
} from './testing/processes.ts';
import { TilesClient, type SeenTile } from './testing/tiles-client.ts';

const run = promisify(execFile);

const LOGIN = { username: 'ana', password: 'clave-que-nadie-ve' };
const HEVC = '0190f0a0-0000-7000-8000-000000000041';
const HEVC_TOO = '0190f0a0-0000-7000-8000-000000000042';
const H264 = '0190f0a0-0000-7000-8000-000000000043';

const JPEG = '0190f0a0-0000-7000-8000-000000000044';
const COLD = '0190f0a0-0000-7000-8000-000000000045';

const X264 = 'x264enc tune=zerolatency key-int-max=25 bitrate=400 speed-preset=ultrafast';
const X265 = 'x265enc key-int-max=50 bitrate=400 speed-preset=ultrafast tune=zerolatency';
const STREAMS = [
  gstStream('/hevc', 704, 396, X265, 'rtph265pay config-interval=1'),
  gstStream('/avc', 320, 240, X264, 'rtph264pay config-interval=1'),
  gstStream('/jpeg', 320, 240, 'videoconvert ! video/x-raw,format=I420 ! jpegenc quality=60', 'rtpjpegpay'),
];

describe('what the relay does with ffmpeg', () => {
  let folder: string;
  let relay: RunningRelay;
  let cameras: string;
  const undo: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'atalaya-ffmpeg-'));
    undo.push(() => rm(folder, { recursive: true, force: true }));
    const server = await startGstServer(STREAMS, { login: `${LOGIN.username}:${LOGIN.password}` });
    undo.push(() => server.kill('SIGKILL'));
    cameras = join(folder, 'cameras.json');
    await writeFile(cameras, JSON.stringify({ cameras: camerasAt(server.port) }));
    relay = await startRelay({ ATALAYA_RELAY_CAMERAS: cameras, ATALAYA_TRANSCODES: '1' });
    undo.push(() => relay.kill('SIGKILL'));
    await Promise.all(['C-41', 'C-42', 'C-43', 'C-44'].map((code) => hasPictures(relay, code)));
    await eventually(async () => ((await metric('atalaya_ffmpeg_available')) === 1 ? true : undefined), 20_000);
  }, 60_000);

  afterAll(async () => {
    for (const step of undo.toReversed()) await step();
  });

  async function metric(name: string): Promise<number> {
    const text = await (await fetch(`${relay.base}/metrics`)).text();
    return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1]);
  }

  const snapshotUrl = (id: string, width: string, of: RunningRelay = relay): string =>
    `${of.base}/snapshot/${id}?ticket=${ticketFor(id, 'sub')}&width=${width}`;

  const glanceAt = (id: string, width = '160'): Promise<Response> =>
    fetch(`${relay.base}/snapshot/${id}?ticket=${ticketFor(id, 'sub', { use: 'overview' })}&width=${width}`);
  const isPulled = async (code: string): Promise<boolean> => {
    const text = await (await fetch(`${relay.base}/metrics`)).text();
    const [, value] = new RegExp(`^atalaya_stream_pulled{camera="${code}",stream="sub"} (\\d)$`, 'm').exec(text)!;
    return value === '1';
  };

  it('wakes no camera for an overview, which is all that its ticket opens', async () => {
    const none = await glanceAt(COLD);
    expect([none.status, ((await none.json()) as { code: string }).code]).toEqual([503, 'picture-none']);
    expect([await isPulled('C-45'), await isPulled('C-43')]).toEqual([false, true]);
    expect((await glanceAt(H264)).status).toBe(200);
    expect((await glanceAt(H264, '640')).status).toBe(400);
    const playlist = `${relay.base}/hls/${H264}/sub/index.m3u8`;
    const refused = await fetch(`${playlist}?ticket=${ticketFor(H264, 'sub', { use: 'overview' })}`);
    expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([401, 'ticket-for-overview']);
    const page = await TilesClient.open(relay.base);
    page.ask({ op: 'open', tile: 1, ticket: ticketFor(COLD, 'sub', { use: 'overview' }) });
    await page.hears(1, 'refused', 'ticket-for-overview', 5_000);
    page.ask({ op: 'open', tile: 2, ticket: ticketFor(COLD, 'sub') });
    await page.reaches(2, 5, 15_000);
    await page.close();
  }, 30_000);

  it.each([
    [HEVC, '640', 'width=640|height=360'],
    [HEVC, '1280', 'width=704|height=396'],
    [H264, '160', 'width=160|height=120'],
    [JPEG, '320', 'width=320|height=240'],
  ])('makes a JPEG of %s, %s wide', async (id, width, size) => {
    const response = await fetch(snapshotUrl(id, width));
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('access-control-expose-headers')).toContain('Atalaya-Picture-Age-Ms');
    const ageMs = Number(response.headers.get('atalaya-picture-age-ms'));
    expect(ageMs).toBeGreaterThanOrEqual(0);
    expect(ageMs).toBeLessThan(10_000);
    const file = join(folder, `${width}.jpg`);
    await writeFile(file, Buffer.from(await response.arrayBuffer()));
    const entries = ['-v', 'error', '-show_entries', 'stream=codec_name,width,height', '-of', 'compact=p=0', file];
    const { stdout, stderr } = await run('ffprobe', entries);
    expect([stdout.trim(), stderr]).toEqual([`codec_name=mjpeg|${size}`, '']);
  });

  it('makes one picture for all who ask at the same time', async () => {
    const before = await metric('atalaya_ffmpeg_pictures_total');
    const answers = await Promise.all(Array.from({ length: 12 }, () => fetch(snapshotUrl(H264, '320'))));
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
    expect((await metric('atalaya_ffmpeg_pictures_total')) - before).toBe(1);
  });

  it.each([
    ['a width that is not made', `/snapshot/${H264}?ticket=${ticketFor(H264, 'sub')}&width=333`, 400, 'width-unknown'],
    ['no ticket', `/snapshot/${H264}?width=320`, 401, 'ticket-missing'],
    ["another camera's ticket", `/snapshot/${H264}?ticket=${ticketFor(HEVC, 'sub')}`, 403, 'ticket-for-another'],
    ['a stream that is none', `/snapshot/${H264}?ticket=${ticketFor(H264, 'main')}`, 404, 'stream-unknown'],
  ])('refuses %s', async (_what, path, status, code) => {
    const response = await fetch(`${relay.base}${path}`);
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([status, code]);
  });

  it('gives H.265 as H.264 to tiles, picture for picture and with their times, and refuses one more', async () => {
    const page = await TilesClient.open(relay.base);
    page.ask({ op: 'open', tile: 1, ticket: ticketFor(HEVC, 'sub', { as: 'h264' }) });
    await page.reaches(1, 100, 20_000);
    page.ask({ op: 'open', tile: 2, ticket: ticketFor(HEVC_TOO, 'sub', { as: 'h264' }) });
    await page.hears(2, 'waiting', 'convert-no-capacity', 5_000);
    // Nobody needs to convert what is H.264 already.
    page.ask({ op: 'open', tile: 3, ticket: ticketFor(H264, 'sub', { as: 'h264' }) });
    await page.reaches(3, 10, 10_000);
    expect(await metric('atalaya_conversions')).toBe(1);
    const seen = page.tile(1);
    expect(seen.inits.map((init) => init.mimeType)).toEqual([expect.stringMatching(/codecs="avc1\.42/)]);
    expect(await looks(seen)).toMatchObject({ codec: 'h264', width: 640, height: 360 });
    expect(distances(seen).filter((ms) => ms < 39 || ms > 41)).toEqual([]);
    const keys = seen.fragments.filter((fragment) => fragment.isKey).map((fragment) => fragment.showMs);
    expect(keys.slice(1).map((atMs, index) => Math.round((atMs - keys[index]!) / 100))).toEqual(
      keys.slice(1).map(() => 10),
    );
    const last = seen.fragments.at(-1)!;
    const ageMs = systemClock.nowMs() - last.capturedMs!;
    expect(ageMs).toBeGreaterThanOrEqual(0);
    expect(ageMs).toBeLessThan(3_000);
    await checkProcess();
    await page.close();
    await eventually(async () => ((await metric('atalaya_conversions')) === 0 ? true : undefined), 15_000);
  }, 60_000);

  it('gives a camera of JPEG pictures as H.264', async () => {
    const page = await TilesClient.open(relay.base);
    page.ask({ op: 'open', tile: 1, ticket: ticketFor(JPEG, 'sub', { as: 'h264' }) });
    await page.reaches(1, 40, 20_000);
    expect(await looks(page.tile(1))).toMatchObject({ codec: 'h264', width: 320, height: 240 });
    await page.close();
    await eventually(async () => ((await metric('atalaya_conversions')) === 0 ? true : undefined), 15_000);
  }, 60_000);

  it('gives it to HLS players, and keeps the other line as it was', async () => {
    const ticket = ticketFor(HEVC, 'sub', { as: 'h264' });
    const url = `${relay.base}/hls/${HEVC}/sub/index.m3u8?ll=0&ticket=${ticket}`;
    const codec = ['-v', 'error', '-show_entries', 'stream=codec_name', '-of', 'csv=p=0'];
    const converted = await run('ffprobe', [...codec, url]);
    expect(new Set(converted.stdout.trim().split(/\s+/))).toEqual(new Set(['h264']));
    const own = `${relay.base}/hls/${HEVC}/sub/index.m3u8?ll=0&ticket=${ticketFor(HEVC, 'sub')}`;
    const original = await run('ffprobe', [...codec, own]);
    expect(new Set(original.stdout.trim().split(/\s+/))).toEqual(new Set(['hevc']));
  }, 30_000);

  it('shows of a camera that rests again how it looked at last, with an age that grows', async () => {
    await eventually(async () => ((await isPulled('C-45')) ? undefined : true), 30_000, 'C-45 is still pulled');
    const look = await glanceAt(COLD);
    expect([look.status, look.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
    const ageOf = (answer: Response): number => Number(answer.headers.get('atalaya-picture-age-ms'));
    const isOlder = async (): Promise<true | undefined> =>
      ageOf(await glanceAt(COLD)) > ageOf(look) + 500 ? true : undefined;
    await eventually(isOlder, 5_000, 'it never gets older');
    expect(await isPulled('C-45')).toBe(false);
  }, 40_000);

  it('leaves no ffmpeg behind when it is killed, not even one that hangs', async () => {
    const doomed = await startRelay({ ATALAYA_RELAY_CAMERAS: cameras, ATALAYA_TRANSCODES: '1' });
    undo.push(() => doomed.kill('SIGKILL'));
    const page = await TilesClient.open(doomed.base);
    page.ask({ op: 'open', tile: 1, ticket: ticketFor(HEVC, 'sub', { as: 'h264' }) });
    await page.reaches(1, 5, 30_000);
    const [pid] = await ffmpegOf(doomed.child.pid!);
    process.kill(pid!, 'SIGSTOP');
    await doomed.kill('SIGKILL');
    await eventually(async () => ((await isAlive(pid!)) ? undefined : true), 5_000, 'the stopped ffmpeg is not gone');
  }, 60_000);

  it('says without ffmpeg what it cannot do, and does everything else', async () => {
    const bare = await startRelay({ ATALAYA_RELAY_CAMERAS: cameras, ATALAYA_FFMPEG: '0' });
    undo.push(() => bare.kill('SIGKILL'));
    await hasPictures(bare, 'C-43');
    const response = await fetch(snapshotUrl(H264, '320', bare));
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([503, 'ffmpeg-missing']);
    const page = await TilesClient.open(bare.base);
    page.ask({ op: 'open', tile: 1, ticket: ticketFor(HEVC, 'sub', { as: 'h264' }) });
    page.ask({ op: 'open', tile: 2, ticket: ticketFor(H264, 'sub') });
    await page.hears(1, 'waiting', 'ffmpeg-missing', 15_000);
    await page.reaches(2, 10, 10_000);
    await page.close();
  }, 60_000);

  /** Niced, fed by a pipe, and nothing secret in what `ps` shows. */
  async function checkProcess(): Promise<void> {
    const [pid] = await ffmpegOf(relay.child.pid!);
    const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0');
    expect(words[0]).toMatch(/ffmpeg$/);
    expect(words).toContain('pipe:0');
    expect(words.join(' ')).not.toMatch(/rtsp|clave-que|127\.0\.0/);
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const niceAt = 16;
    expect(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[niceAt]).toBe('10');
  }

  async function looks(seen: SeenTile): Promise<object> {
    const file = join(folder, 'converted.mp4');
    const pictures = seen.fragments.length;
    await writeFile(file, Buffer.concat(seen.bytes));
    const entries = ['-v', 'error', '-count_frames', '-show_entries', 'stream=codec_name,width,height,nb_read_frames'];
    const { stdout, stderr } = await run('ffprobe', [...entries, '-of', 'json', file]);
    expect(stderr).toBe('');
    const [stream] = (JSON.parse(stdout) as { streams: Record<string, unknown>[] }).streams;
    expect(Number(stream!['nb_read_frames'])).toBe(pictures);
    return { codec: stream!['codec_name'], width: stream!['width'], height: stream!['height'] };
  }
});

/** Milliseconds from each picture to the next, by the media timeline. */
function distances({ fragments }: SeenTile): number[] {
  return fragments.slice(1).map((fragment, at) => Math.round(fragment.showMs - fragments[at]!.showMs));
}

/** The ffmpeg processes that a process has started. */
async function ffmpegOf(parent: number): Promise<number[]> {
  const found: number[] = [];
  for (const name of await readdir('/proc')) {
    const stat = /^\d+$/.test(name) ? await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '') : '';
    const [, comm, rest] = /^\d+ \((.*)\) \S (.*)$/s.exec(stat) ?? [];
    if (comm === 'ffmpeg' && Number(rest?.split(' ')[0]) === parent) found.push(Number(name));
  }
  return found;
}

async function isAlive(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat !== '' && !/\) Z /.test(stat);
}

/** Online, or degraded: a test picture of a busy machine may be a slow one. */
function hasPictures(relay: RunningRelay, code: string): Promise<true> {
  const look = async (): Promise<true | undefined> =>
    /^(online|degraded)$/.test((await stateOf(relay, code)) ?? '') ? true : undefined;
  return eventually(look, 20_000, `${code} has no pictures`);
}

function camerasAt(port: number): object[] {
  const camera = (id: string, code: string, path: string): object => ({
    id,
    code,
    host: '127.0.0.1',
    ...LOGIN,
    streams: [{ role: 'sub', uri: `rtsp://127.0.0.1:${port}${path}`, framesPerSecond: 25 }],
  });
  return [
    camera(HEVC, 'C-41', '/hevc'),
    camera(HEVC_TOO, 'C-42', '/hevc'),
    camera(H264, 'C-43', '/avc'),
    camera(JPEG, 'C-44', '/jpeg'),
    { ...camera(COLD, 'C-45', '/avc'), warm: false },
  ];
}
