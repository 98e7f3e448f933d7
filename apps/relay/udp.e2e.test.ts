import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, playlistUrl, reaches, startRelay, type RunningRelay } from './testing/processes.ts';
import { RoughLine, SMOOTH, type Roughness } from './testing/rough-line.ts';
import { startTestTown, type TestTown, type TownCamera } from './testing/town.ts';
import { SimCamera } from '../../camera-sim/model.ts';
import { streamPathOf } from '../../camera-sim/stream-path.ts';

const run = promisify(execFile);
const CLIP = join(process.cwd(), 'camera-sim/clips/plaza-sub.264');
const ROUGH: TownCamera = { id: '0190f0a0-0000-7000-8000-000000000301', like: 'sim-01' };
const UDP_ONLY: TownCamera = { id: '0190f0a0-0000-7000-8000-000000000302', like: 'sim-03' };

/** One picture as ffmpeg sees it: its bytes without parameter sets, SEI and delimiters, which are not carried alike. */
interface Picture {
  readonly hash: string;
  readonly isKey: boolean;
}

/** Nothing is decoded: the packets themselves are compared. */
async function pictures(input: readonly string[]): Promise<Picture[]> {
  const filter = ['-c', 'copy', '-bsf:v', 'filter_units=remove_types=6-9'];
  const hashes = await run('ffmpeg', ['-v', 'error', ...input, ...filter, '-f', 'framemd5', '-']);
  expect(hashes.stderr).toBe('');
  return hashes.stdout
    .split('\n')
    .filter((line) => line.startsWith('0,'))
    .map((line) => ({ hash: line.split(',').at(-1)!.trim(), isKey: false }));
}

/** The clip as it is on disk, with the key pictures that ffprobe finds. */
async function source(): Promise<Picture[]> {
  const all = await pictures(['-f', 'h264', '-i', CLIP]);
  const args = ['-v', 'error', '-f', 'h264', '-show_entries', 'packet=flags', '-of', 'csv=p=0', CLIP];
  const flags = (await run('ffprobe', args)).stdout.trim().split('\n');
  expect(flags).toHaveLength(all.length);
  return all.map(({ hash }, at) => ({ hash, isKey: flags[at]!.startsWith('K') }));
}

describe('streams over UDP', () => {
  let town: TestTown;
  let relay: RunningRelay;
  let rough: RoughLine;
  let udpOnly: RoughLine;
  const undo: (() => Promise<unknown>)[] = [];

  const lineTo = async (camera: TownCamera, host: string, roughness: Roughness) => {
    const spec = town.spec(camera);
    const line = await RoughLine.open(host, { host: spec.host, port: spec.rtspPort }, roughness);
    undo.push(() => line.close());
    return line;
  };
  const entry = (camera: TownCamera, line: RoughLine, transport: string) => {
    const { id: code, username, password, sub } = town.spec(camera);
    const uri = `rtsp://${line.host}:${line.port}${streamPathOf(new SimCamera(town.spec(camera)), sub.token)}`;
    return { id: camera.id, code, host: line.host, username, password, transport, streams: [{ role: 'sub', uri }] };
  };

  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'atalaya-udp-'));
    undo.push(() => rm(folder, { recursive: true, force: true }));
    town = await startTestTown([ROUGH, UDP_ONLY], 93);
    undo.push(() => town.stop());
    rough = await lineTo(ROUGH, '127.0.93.100', {
      seed: 20_260_122,
      lostShare: 0.02,
      delayedShare: 0.1,
      maxOvertaken: 8,
    });
    udpOnly = await lineTo(UDP_ONLY, '127.0.93.101', { ...SMOOTH, refusesTcp: true });
    const path = join(folder, 'cameras.json');
    const cameras = [entry(ROUGH, rough, 'udp'), entry(UDP_ONLY, udpOnly, 'auto')];
    await writeFile(path, JSON.stringify({ cameras }));
    relay = await startRelay({ ATALAYA_RELAY_CAMERAS: path });
    undo.push(() => relay.kill('SIGKILL'));
  }, 30_000);

  afterAll(async () => {
    for (const step of undo.toReversed()) await step();
  });

  const metric = async (name: string, camera: TownCamera): Promise<number> => {
    const text = await (await fetch(`${relay.base}/metrics`)).text();
    const found = new RegExp(`^${name}\\{camera="${camera.like}",stream="sub"\\} (\\S+)$`, 'm').exec(text)?.[1];
    return Number(found);
  };

  it('recovers at the next key frame from loss, and what it hands on is what the camera sent, byte by byte', async () => {
    await reaches(relay, ROUGH.like, 'online', 10_000);
    // Pictures come, but a group that lost its key frame makes no segment: the first playlist may take some groups more.
    await eventually(async () => (await fetch(`${playlistUrl(relay, ROUGH.id, 'sub')}&ll=0`)).ok || undefined, 10_000);
    const [sent, got] = await Promise.all([
      source(),
      pictures(['-live_start_index', '0', '-i', `${playlistUrl(relay, ROUGH.id, 'sub')}&ll=0`, '-t', '8']),
    ]);
    const places = got.map(({ hash }) => sent.findIndex((picture) => picture.hash === hash));
    expect(places).not.toContain(-1);
    const resumed = places.filter((place, at) => at > 0 && place !== (places[at - 1]! + 1) % sent.length);
    expect(resumed.length).toBeGreaterThan(0);
    expect(resumed.filter((place) => !sent[place]!.isKey)).toEqual([]);
    // Of the 120 that were sent in that time; most are lost with a packet of their group.
    expect(got.length).toBeGreaterThan(15);
  }, 40_000);

  it('counts as lost what was lost, and not what came out of order', async () => {
    const lost = await metric('atalaya_stream_packets_lost', ROUGH);
    expect(rough.delayed).toBeGreaterThan(10);
    expect(lost).toBeGreaterThan(0);
    expect(lost).toBeLessThanOrEqual(rough.lost);
    expect(await metric('atalaya_stream_reconnects_total', ROUGH)).toBe(0);
    expect(await metric('atalaya_stream_over_udp', ROUGH)).toBe(1);
  });

  it('reports to the camera what it received (RFC 3550 6.4.2)', async () => {
    const report = await eventually(() => rough.reports.findLast((each) => each.readUIntBE(13, 3) > 0), 6_000);
    expect([report[0]! >> 6, report[0]! & 0x1f, report[1]]).toEqual([2, 1, 201]);
    // On a busy machine a held packet may come later than the relay waits: it counts as lost though it was only late.
    expect(report.readUIntBE(13, 3)).toBeLessThanOrEqual(rough.lost + 3);
    const [lastReport, delay] = [report.readUInt32BE(24), report.readUInt32BE(28)];
    expect(lastReport).toBeGreaterThan(0);
    expect(delay / 65_536).toBeLessThan(6);
  });

  it('asks for UDP by itself where a camera refuses interleaved packets', async () => {
    await reaches(relay, UDP_ONLY.like, 'online', 10_000);
    expect(await metric('atalaya_stream_over_udp', UDP_ONLY)).toBe(1);
    expect(await metric('atalaya_stream_packets_lost', UDP_ONLY)).toBe(0);
    expect(relay.lines.join('\n')).not.toContain('defect');
  });
});
