import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FakeClock } from '#libs/base';
import { Assembly, parameterSetsOf, type TrackFormat, type VideoCodec } from '#libs/codec';
import { BlockPool } from './media-memory.ts';
import { Packager } from './packager.ts';
import { initName, mediaPlaylist, segmentName } from './playlist.ts';
import { DEFAULT_WINDOW, SegmentWindow } from './segment-window.ts';

const run = promisify(execFile);

/** What ffmpeg decodes from our segments must be, frame by frame, what it decodes from its own file. */
const CASES = [
  { name: 'h264 without B-frames', codec: 'h264', args: ['-c:v', 'libx264', '-bf', '0', '-g', '25'] },
  { name: 'h264 with one B-frame', codec: 'h264', args: ['-c:v', 'libx264', '-bf', '1', '-g', '50'] },
  {
    name: 'h264 with a pyramid of B-frames',
    codec: 'h264',
    args: ['-c:v', 'libx264', '-bf', '3', '-b_strategy', '0', '-g', '30'],
  },
  {
    name: 'h264 of 4:4:4, several slices',
    codec: 'h264',
    args: ['-c:v', 'libx264', '-pix_fmt', 'yuv444p', '-slices', '4', '-g', '25'],
  },
  {
    name: 'h265 without B-frames',
    codec: 'h265',
    args: ['-c:v', 'libx265', '-x265-params', 'bframes=0:keyint=25:log-level=error'],
  },
  {
    name: 'h265 with B-frames and open groups',
    codec: 'h265',
    args: ['-c:v', 'libx265', '-x265-params', 'bframes=4:keyint=30:open-gop=1:log-level=error'],
  },
  {
    name: 'h265 of 10 bit',
    codec: 'h265',
    args: ['-c:v', 'libx265', '-pix_fmt', 'yuv420p10le', '-x265-params', 'keyint=25:log-level=error'],
  },
] as const satisfies readonly { name: string; codec: VideoCodec; args: readonly string[] }[];

describe('what ffmpeg sees of our fMP4', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'atalaya-fmp4-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each(CASES)('$name: the same frames at the same times', async ({ codec, args }) => {
    const source = join(folder, 'source.mp4');
    await encode(source, args);
    const window = await packaged(source, codec);
    const output = join(folder, 'output.mp4');
    await writeFile(output, fileOf(window));
    const expected = await framesOf(source);
    expect(expected).toHaveLength(200);
    expect(await framesOf(output)).toEqual(expected);
    expect(window.listed.length).toBeGreaterThan(3);
    expect(await startsWithKeyFrame(window, folder)).toBe(true);
  });

  it.each([
    ['a playlist on disk plays from end to end', CASES[1].args, 4],
    ['so does one whose groups had to be cut', [...CASES[2].args.slice(0, -1), '100'], 4],
  ])('%s', async (_, args, segments) => {
    const source = join(folder, 'source.mp4');
    await encode(source, args);
    const window = await packaged(source, 'h264', { promisedFirst: true });
    expect(window.listed).toHaveLength(segments);
    expect(window.targetSeconds).toBe(2);
    const first = window.listed[0]!;
    await writeFile(join(folder, initName(first.initNumber)), window.init(first.initNumber)!);
    for (const segment of window.listed) {
      await writeFile(
        join(folder, segmentName(segment.sequence)),
        Buffer.concat(segment.parts.flatMap((part) => part.chunks)),
      );
    }
    const playlist = join(folder, 'index.m3u8');
    await writeFile(playlist, `${mediaPlaylist(window, '')}#EXT-X-ENDLIST\n`);
    expect(await framesOf(playlist)).toEqual(await framesOf(source));
  });
});

async function encode(file: string, args: readonly string[]): Promise<void> {
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=320x176:rate=25:duration=8'];
  const format = ['-video_track_timescale', '90000'];
  await run('ffmpeg', ['-v', 'error', '-y', ...picture, ...args, ...format, file]);
}

interface Packet {
  readonly pts: number;
  readonly at: number;
  readonly bytes: number;
  readonly isKey: boolean;
}

/** The samples of a file as ffprobe finds them, in decoding order. */
async function packetsOf(file: string): Promise<Packet[]> {
  const entries = ['-show_entries', 'packet=pts,pos,size,flags', '-of', 'json'];
  const { stdout } = await run('ffprobe', ['-v', 'error', '-select_streams', 'v', ...entries, file], {
    maxBuffer: 1 << 24,
  });
  const { packets } = JSON.parse(stdout) as { packets: { pts: number; pos: string; size: string; flags: string }[] };
  return packets.map((each) => ({
    pts: Number(each.pts),
    at: Number(each.pos),
    bytes: Number(each.size),
    isKey: each.flags.startsWith('K'),
  }));
}

/** @param promisedFirst a playlist went out before anything was known of the distance of key frames */
async function packaged(file: string, codec: VideoCodec, { promisedFirst = false } = {}): Promise<SegmentWindow> {
  const clock = new FakeClock();
  const assembly = new Assembly(1_024, 4_000_000);
  const window = new SegmentWindow(1, new BlockPool(8_192), clock, { ...DEFAULT_WINDOW, minSegments: 100 });
  if (promisedFirst) window.distribute();
  const packager = new Packager({ assembly, window, clock });
  packager.useFormat(await formatOf(file, codec));
  const bytes = await readFile(file);
  for (const packet of await packetsOf(file)) {
    appendNals(assembly, bytes.subarray(packet.at, packet.at + packet.bytes));
    const size = assembly.unitBytes;
    assembly.commitUnit();
    packager.addUnit({ pts90k: packet.pts, isKey: packet.isKey, arrivedMs: clock.monotonicMs(), bytes: size });
    await clock.advance(40);
  }
  packager.finish();
  return window;
}

function appendNals(assembly: Assembly, sample: Buffer): void {
  for (let at = 0; at < sample.length; at += 4 + sample.readUInt32BE(at)) {
    assembly.beginNal();
    assembly.append(sample, at + 4, at + 4 + sample.readUInt32BE(at));
    assembly.endNal();
  }
}

/** Parameter sets as they stand in the byte stream that ffmpeg makes of the file (Annex B start codes). */
async function formatOf(file: string, codec: VideoCodec): Promise<TrackFormat> {
  const filter = codec === 'h264' ? 'h264_mp4toannexb' : 'hevc_mp4toannexb';
  const muxer = codec === 'h264' ? 'h264' : 'hevc';
  const args = ['-v', 'error', '-i', file, '-c', 'copy', '-frames:v', '1', '-bsf:v', filter, '-f', muxer, '-'];
  const { stdout } = await run('ffmpeg', args, { encoding: 'buffer', maxBuffer: 1 << 24 });
  const sets = parameterSetsOf(codec);
  for (const nal of splitByteStream(stdout)) sets.offer(nal, 0, nal.length);
  const format = sets.format();
  if (!format) throw new Error('ffmpeg wrote no parameter sets');
  return format;
}

function splitByteStream(stream: Buffer): Buffer[] {
  const starts: number[] = [];
  for (let at = stream.indexOf('000001', 0, 'hex'); at >= 0; at = stream.indexOf('000001', at + 3, 'hex'))
    starts.push(at + 3);
  return starts.map((start, index) => {
    const next = starts[index + 1];
    return stream.subarray(start, next === undefined ? stream.length : next - 3);
  });
}

function fileOf(window: SegmentWindow): Buffer {
  const init = window.init(window.listed[0]!.initNumber)!;
  return Buffer.concat([init, ...window.listed.flatMap((segment) => segment.parts.flatMap((part) => part.chunks))]);
}

/** `time since the first frame, hash of its pixels` of every frame; fails when the decoder complains of anything. */
async function framesOf(file: string): Promise<string[]> {
  const input = ['-v', 'warning', '-xerror', '-i', file];
  const output = ['-map', '0:v', '-fps_mode', 'passthrough', '-enc_time_base', '1:90000', '-f', 'framemd5', '-'];
  const { stdout, stderr } = await run('ffmpeg', [...input, ...output], { maxBuffer: 1 << 24 });
  expect(stderr).toBe('');
  const rows = stdout.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const frames = rows.map((line) => line.split(',').map((cell) => cell.trim()));
  const first = Number(frames[0]![2]);
  return frames.map((cells) => `${Number(cells[2]) - first} ${cells[5]}`);
}

/** Each segment decodes by itself behind its init segment: so that a player can begin with any. */
async function startsWithKeyFrame(window: SegmentWindow, folder: string): Promise<boolean> {
  for (const segment of window.listed) {
    const file = join(folder, 'one.mp4');
    await writeFile(
      file,
      Buffer.concat([window.init(segment.initNumber)!, ...segment.parts.flatMap((part) => part.chunks)]),
    );
    if ((await packetsOf(file))[0]?.isKey !== true) return false;
  }
  return true;
}
