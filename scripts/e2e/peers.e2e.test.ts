import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CameraView, TicketsView } from '#libs/wire';
import { signedInApi, type ApiClient } from './api-client.ts';
import { startProduct, type Product } from './product.ts';
import { until } from './until.ts';

const run = promisify(execFile);
const CAMERAS = 12;
const LANES = 6;

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

  // Live playlists come in real time: several are read beside each other.
  it.each(['sub', 'main'] as const)(
    'are what the camera announced, says ffprobe (%s)',
    async (role) => {
      const playlists = await playlistsOf(role);
      expect(await inLanes(playlists, ({ url }) => probed(url))).toEqual(
        playlists.map(({ camera }) => {
          const stream = camera.streams.find((one) => one.role === role);
          const codec = stream?.codec === 'h265' ? 'hevc' : stream?.codec;
          return { stderr: '', streams: [{ codec_name: codec, width: stream?.widthPx, height: stream?.heightPx }] };
        }),
      );
    },
    180_000,
  );

  it('are decoded by GStreamer', async () => {
    const playlists = await playlistsOf('sub');
    const said = await inLanes(playlists, async ({ camera, url }) => {
      const pipeline = ['playbin3', `uri=${url}`, 'video-sink=fakesink name=sink num-buffers=30 sync=false'];
      const { stdout } = await run('gst-launch-1.0', pipeline, { timeout: 40_000 });
      return `${camera.code}: ${stdout.includes('EOS') ? 'played to its end' : stdout}`;
    });
    expect(said).toEqual(playlists.map(({ camera }) => `${camera.code}: played to its end`));
  }, 180_000);
});

async function probed(url: string): Promise<{ stderr: string; streams: object[] }> {
  const entries = ['-show_entries', 'stream=codec_name,width,height', '-of', 'json'];
  const args = ['-v', 'error', '-select_streams', 'v', ...entries, url];
  const { stdout, stderr } = await run('ffprobe', args, { timeout: 40_000 });
  const { streams } = JSON.parse(stdout) as { streams: object[] };
  return { stderr, streams };
}

/** Does the work for each item, at most {@link LANES} beside each other; answers in the order of the items. */
async function inLanes<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const answers: R[] = [];
  const queue = items.entries();
  const lane = async (): Promise<void> => {
    for (const [index, item] of queue) answers[index] = await work(item);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return answers;
}
