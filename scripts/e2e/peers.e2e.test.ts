import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CameraView, TicketsView } from '#libs/wire';
import { signedInApi, type ApiClient } from './api-client.ts';
import { startProduct, type Product } from './product.ts';
import { until } from './until.ts';

const run = promisify(execFile);
const CAMERAS = 12;

/** Programs that are none of ours read what the relay serves of the whole town. */
describe('playlists of every camera', () => {
  let product: Product;
  let api: ApiClient;
  let cameras: CameraView[];

  beforeAll(async () => {
    product = await startProduct();
    api = await signedInApi(product.url, await product.loginOf('operator'));
    await until('every camera to be online', 60_000, async () => {
      cameras = await api.get<CameraView[]>('/api/cameras');
      return cameras.length === CAMERAS && cameras.every((camera) => camera.health.state === 'online');
    });
  }, 180_000);

  afterAll(() => product?.discard(), 60_000);

  async function playlistsOf(stream: 'main' | 'sub'): Promise<{ camera: CameraView; url: string }[]> {
    const wanted = cameras.map((camera) => ({ cameraId: camera.id, stream }));
    const view = await api.post<TicketsView>('/api/video/tickets', { wanted });
    expect(view.refused).toEqual([]);
    return view.tickets.map(({ cameraId, playlistUrl }) => {
      const camera = cameras.find(({ id }) => id === cameraId);
      if (!camera) throw new Error(`a ticket for an unknown camera ${cameraId}`);
      return { camera, url: playlistUrl };
    });
  }

  it.each(['sub', 'main'] as const)(
    'are what the camera announced, says ffprobe (%s)',
    async (role) => {
      for (const { camera, url } of await playlistsOf(role)) {
        const announced = camera.streams.find((stream) => stream.role === role);
        const entries = 'stream=codec_name,width,height';
        const args = ['-v', 'error', '-select_streams', 'v', '-show_entries', entries, '-of', 'json', url];
        const { stdout, stderr } = await run('ffprobe', args, { timeout: 30_000 });
        const { streams } = JSON.parse(stdout) as { streams: object[] };
        expect({ code: camera.code, stderr, streams }).toEqual({
          code: camera.code,
          stderr: '',
          streams: [
            {
              codec_name: announced?.codec === 'h265' ? 'hevc' : announced?.codec,
              width: announced?.widthPx,
              height: announced?.heightPx,
            },
          ],
        });
      }
    },
    180_000,
  );

  it('are decoded by GStreamer', async () => {
    for (const { camera, url } of await playlistsOf('sub')) {
      const pipeline = ['playbin3', `uri=${url}`, 'video-sink=fakesink name=sink num-buffers=30 sync=false'];
      const { stdout } = await run('gst-launch-1.0', pipeline, { timeout: 30_000 });
      expect(`${camera.code}: ${stdout}`).toContain('EOS');
    }
  }, 180_000);
});
