import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { freePorts } from '../../scripts/e2e/free-ports.ts';
import { BenchChild } from './child.ts';
import { uriWithLogin, type BenchCamera, type Contender } from './contender.ts';
import { findOnPath } from './found.ts';
import { HlsViewer } from './hls-reader.ts';

/**
 * go2rtc when it is on PATH. It makes HLS only for a session of a client, so that each camera has one client here; what the
 * clients cost is not counted. All servers but its HTTP API are off.
 */
export const go2rtc: Contender = {
  name: 'go2rtc',
  missing: async () => ((await findOnPath('go2rtc')) ? undefined : 'not found on this machine'),
  start: async (cameras, folder) => {
    const [port = 0] = await freePorts(1);
    const file = path.join(folder, 'go2rtc.yaml');
    await writeFile(file, configOf(cameras, port), { mode: 0o600 });
    const child = new BenchChild((await findOnPath('go2rtc'))!, ['-config', file]);
    const viewers = cameras.map(({ id }) => new HlsViewer(`http://127.0.0.1:${port}/api/stream.m3u8?src=${id}&mp4`));
    for (const viewer of viewers) viewer.start();
    return {
      pids: [child.pid],
      windowIsBeside: false,
      serving: async () => {
        if (!child.isRunning) throw new Error(`go2rtc ended: ${child.lastWords}`);
        return viewers.filter(({ segments }) => segments > 0).length;
      },
      windowBytes: async () => viewers.reduce((sum, { listed }) => sum + listed, 0),
      stop: async () => {
        await Promise.all(viewers.map((viewer) => viewer.stop()));
        await child.stop();
      },
    };
  },
};

export function configOf(cameras: readonly BenchCamera[], port: number): string {
  return [
    'log:',
    '  level: error',
    'api:',
    `  listen: "127.0.0.1:${port}"`,
    'rtsp:',
    '  listen: ""',
    'webrtc:',
    '  listen: ""',
    'streams:',
    ...cameras.map((camera) => `  ${camera.id}: ${JSON.stringify(uriWithLogin(camera))}`),
    '',
  ].join('\n');
}
