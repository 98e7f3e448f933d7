import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { ClipJob } from './jobs.ts';

/** ffmpeg, fed with raw pictures. */
export class Encoder {
  private readonly child: ChildProcess;
  private readonly input: Writable;
  private readonly ended: Promise<void>;

  constructor(job: ClipJob, outputFile: string) {
    this.child = spawn('ffmpeg', encoderArguments(job, outputFile), { stdio: ['pipe', 'inherit', 'inherit'] });
    this.input = this.child.stdin!;
    this.ended = exitOf(this.child, 'ffmpeg');
    this.ended.catch(() => {}); // reported by finish()
    this.input.on('error', () => {});
  }

  async write(picture: Buffer): Promise<void> {
    if (!this.input.write(picture)) await Promise.race([once(this.input, 'drain'), this.ended]);
  }

  async finish(): Promise<void> {
    this.input.end();
    await this.ended;
  }
}

/**
 * Access unit delimiters mark where a picture begins; parameter sets come again before each key frame; GOPs are closed and
 * all of one length; SEI is taken out because cameras do not name their encoder.
 */
function encoderArguments(job: ClipJob, outputFile: string): string[] {
  const { paint } = job;
  const input = ['-f', 'rawvideo', '-pix_fmt', 'rgba', '-s', `${paint.widthPx}x${paint.heightPx}`];
  const colours = ['-vf', 'scale=out_color_matrix=bt709:out_range=tv:flags=accurate_rnd,format=yuv420p'];
  const marks = ['-color_primaries', 'bt709', '-color_trc', 'bt709', '-colorspace', 'bt709', '-color_range', 'tv'];
  const codec = job.codec === 'h264' ? h264Arguments(job) : h265Arguments(job);
  return [
    ['-v', 'error', '-y', ...input, '-r', String(paint.framesPerSecond), '-i', 'pipe:0'],
    [...colours, ...marks, ...codec, outputFile],
  ].flat();
}

function h264Arguments(job: ClipJob): string[] {
  const { gopFrames, bFrames, rate } = job;
  const quality =
    'crf' in rate
      ? ['-crf', String(rate.crf)]
      : ['-b:v', `${rate.kbps}k`, '-maxrate', `${rate.kbps}k`, '-bufsize', `${rate.kbps}k`];
  const extra = 'crf' in rate ? '' : ':nal-hrd=cbr:force-cfr=1';
  return [
    ['-c:v', 'libx264', '-preset', 'slower', '-profile:v', 'high', ...quality],
    ['-g', String(gopFrames), '-keyint_min', String(gopFrames), '-sc_threshold', '0', '-bf', String(bFrames)],
    ['-x264-params', `aud=1:repeat-headers=1:open-gop=0${extra}`],
    ['-bsf:v', 'filter_units=remove_types=6', '-f', 'h264'],
  ].flat();
}

function h265Arguments(job: ClipJob): string[] {
  const { gopFrames, bFrames, rate } = job;
  const quality = 'crf' in rate ? `crf=${rate.crf}` : `bitrate=${rate.kbps}`;
  const gop = `keyint=${gopFrames}:min-keyint=${gopFrames}:scenecut=0:open-gop=0:bframes=${bFrames}`;
  return [
    ['-c:v', 'libx265', '-preset', 'slow'],
    ['-x265-params', `${quality}:${gop}:aud=1:repeat-headers=1:info=0:log-level=error`],
    ['-bsf:v', 'filter_units=remove_types=39-40', '-f', 'hevc'],
  ].flat();
}

/** A JPEG of the first picture of a clip. */
export async function makeStill(clipFile: string, outputFile: string): Promise<void> {
  const scaled = ['-frames:v', '1', '-s', '640x360', '-q:v', '6'];
  const child = spawn('ffmpeg', ['-v', 'error', '-y', '-i', clipFile, ...scaled, outputFile], { stdio: 'inherit' });
  await exitOf(child, 'ffmpeg');
}

/** Display position of each picture in decoding order, as ffprobe tells it. */
export async function displayOrder(clipFile: string): Promise<number[]> {
  const child = spawn('ffprobe', ['-v', 'error', '-show_entries', 'frame=pkt_pos', '-of', 'csv=p=0', clipFile], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  await exitOf(child, 'ffprobe');
  const positions = Buffer.concat(chunks).toString().match(/\d+/g)!.map(Number);
  const shown = positions.map((filePosition, display) => ({ filePosition, display }));
  return shown.sort((a, b) => a.filePosition - b.filePosition).map(({ display }) => display);
}

async function exitOf(child: ChildProcess, name: string): Promise<void> {
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${name} ended with ${code}`);
}
