import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { freePorts } from '../../scripts/e2e/free-ports.ts';
import { BenchChild } from './child.ts';
import { uriWithLogin, type BenchCamera, type Contender } from './contender.ts';
import { findOnPath } from './found.ts';
import { listedBytes, readMedia } from './hls-reader.ts';

/**
 * MediaMTX when it is on PATH, with what its documented configuration file says for this: every path pulls its camera at
 * once (`sourceOnDemand: no`) over TCP and is made into HLS although nobody watches (`hlsAlwaysRemux: yes`), in memory
 * (`hlsDirectory` empty), with a window like ours. All other servers are off.
 */
export const mediamtx: Contender = {
  name: 'mediamtx',
  missing: async () => ((await findOnPath('mediamtx')) ? undefined : 'not found on this machine'),
  start: async (cameras, folder) => {
    const [port = 0] = await freePorts(1);
    const file = path.join(folder, 'mediamtx.yml');
    await writeFile(file, configOf(cameras, port), { mode: 0o600 });
    const child = new BenchChild((await findOnPath('mediamtx'))!, [file]);
    const playlists = cameras.map(({ id }) => `http://127.0.0.1:${port}/${id}/index.m3u8`);
    return {
      pids: [child.pid],
      windowIsBeside: false,
      serving: async () => {
        if (!child.isRunning) throw new Error(`mediamtx ended: ${child.lastWords}`);
        return (await Promise.all(playlists.map(readMedia))).filter(Boolean).length;
      },
      windowBytes: async () => (await Promise.all(playlists.map(listedBytes))).reduce((sum, bytes) => sum + bytes, 0),
      stop: () => child.stop(),
    };
  },
};

export function configOf(cameras: readonly BenchCamera[], port: number): string {
  const paths = cameras.flatMap((camera) => [
    `  ${camera.id}:`,
    `    source: ${JSON.stringify(uriWithLogin(camera))}`,
    '    sourceOnDemand: no',
    '    rtspTransport: tcp',
  ]);
  return [
    'logLevel: error',
    'api: no',
    'rtsp: no',
    'rtmp: no',
    'webrtc: no',
    'srt: no',
    'hls: yes',
    `hlsAddress: 127.0.0.1:${port}`,
    'hlsAlwaysRemux: yes',
    'hlsVariant: lowLatency',
    'hlsSegmentCount: 7',
    'hlsSegmentDuration: 1s',
    'hlsPartDuration: 200ms',
    "hlsDirectory: ''",
    'paths:',
    ...paths,
    '',
  ].join('\n');
}
