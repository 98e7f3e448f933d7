import { execFile } from 'node:child_process';
import { mkdir, readFile, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import { reasonOf } from '#libs/base';
import { BenchChild } from './child.ts';
import { uriWithLogin, type BenchCamera, type Contender } from './contender.ts';

const FFMPEG = '/usr/bin/ffmpeg';
/** Starting a process for each camera takes a core for a second, and 16 MB: beyond this they fail each other's time limits. */
const MAX_CAMERAS = 100;

/** What a user would take instead: one ffmpeg per camera that copies the video into an HLS window of the same length. */
export const ffmpeg: Contender = {
  name: 'ffmpeg',
  missing: async (cameras) => {
    if (cameras > MAX_CAMERAS)
      return `${cameras} processes do not fit on ${availableParallelism()} cores beside the simulator`;
    try {
      await promisify(execFile)(FFMPEG, ['-version']);
      return undefined;
    } catch (thrown) {
      return `${FFMPEG} cannot be run: ${reasonOf(thrown)}`;
    }
  },
  start: async (cameras, folder) => {
    const children = await Promise.all(cameras.map((camera) => startOne(camera, folder)));
    return {
      pids: children.map((child) => child.pid),
      windowIsBeside: true,
      windowBytes: () => bytesBelow(folder),
      serving: async () => {
        const gone = children.find((child) => !child.isRunning);
        if (gone) throw new Error(`an ffmpeg ended: ${gone.lastWords}`);
        const served = await Promise.all(cameras.map((camera) => hasSegment(playlistOf(camera, folder))));
        return served.filter(Boolean).length;
      },
      stop: async () => void (await Promise.all(children.map((child) => child.stop()))),
    };
  },
};

async function startOne(camera: BenchCamera, folder: string): Promise<BenchChild> {
  await mkdir(path.join(folder, camera.id));
  const input = ['-nostdin', '-loglevel', 'error', '-rtsp_transport', 'tcp', '-i', uriWithLogin(camera)];
  const window = [
    '-hls_time',
    '1',
    '-hls_list_size',
    '6',
    '-hls_flags',
    'delete_segments',
    '-hls_segment_type',
    'fmp4',
  ];
  return new BenchChild(FFMPEG, [...input, '-c', 'copy', '-an', '-f', 'hls', ...window, playlistOf(camera, folder)]);
}

function playlistOf(camera: BenchCamera, folder: string): string {
  return path.join(folder, camera.id, 'index.m3u8');
}

async function hasSegment(file: string): Promise<boolean> {
  return (await readFile(file, 'utf8').catch(() => '')).includes('#EXTINF');
}

/** Files come and go while they are counted; one that has gone counts nothing. */
async function bytesBelow(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true });
  const sizes = names.map((name) =>
    stat(path.join(folder, name)).then(
      ({ size }) => size,
      () => 0,
    ),
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
