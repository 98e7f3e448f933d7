import type { Page } from 'playwright-core';
import { readStamp, type Stamp } from '../../camera-sim/stamp.ts';

const WIDTH = 640;
const HEIGHT = 360;
/** The corner that holds the frame stamp in a picture of 640x360 (camera-sim/stamp.ts). */
const CORNER = { x: 552, y: 344, width: 88, height: 16 };

export interface TileSeen {
  readonly code: string;
  /** What the tile says of itself: `live`, `late`, `starting`, `lost`. */
  readonly picture: string;
  /** Read from the pixels that the tile shows; `undefined` when there is no readable stamp. */
  readonly stamp: Stamp | undefined;
}

/** What each tile of a page claims, and what its pixels say. */
export async function readTiles(page: Page): Promise<TileSeen[]> {
  const tiles = await page.evaluate(
    ({ width, height, corner }) => {
      const canvas = document.createElement('canvas');
      canvas.width = width;
      canvas.height = height;
      const context = canvas.getContext('2d', { willReadFrequently: true });
      return Array.from(document.querySelectorAll<HTMLElement>('[data-camera][data-picture]'), (tile) => {
        const video = tile.querySelector('video');
        let pixels: number[] = [];
        if (context && video && video.readyState >= 2) {
          context.drawImage(video, 0, 0, width, height);
          pixels = Array.from(context.getImageData(corner.x, corner.y, corner.width, corner.height).data);
        }
        return { code: tile.dataset['camera'] ?? '', picture: tile.dataset['picture'] ?? '', pixels };
      });
    },
    { width: WIDTH, height: HEIGHT, corner: CORNER },
  );
  return tiles.map(({ code, picture, pixels }) => ({ code, picture, stamp: stampOf(pixels) }));
}

/** Counts the frames that each tile of a page shows from now on. A player that begins anew, begins its own count anew. */
export async function frameCounter(page: Page): Promise<() => Promise<readonly number[]>> {
  let last = await totalsOf(page);
  const shown = last.map(() => 0);
  return async () => {
    const now = await totalsOf(page);
    now.forEach((total, index) => {
      const before = last[index] ?? 0;
      shown[index] = (shown[index] ?? 0) + (total >= before ? total - before : total);
    });
    last = now;
    return shown;
  };
}

function totalsOf(page: Page): Promise<number[]> {
  return page.evaluate(() =>
    Array.from(document.querySelectorAll('[data-camera][data-picture]'), (tile) => {
      return tile.querySelector('video')?.getVideoPlaybackQuality().totalVideoFrames ?? 0;
    }),
  );
}

/** Puts the corner back into an otherwise black picture, for the reader that knows whole pictures. */
function stampOf(corner: readonly number[]): Stamp | undefined {
  if (corner.length === 0) return undefined;
  const data = new Uint8Array(WIDTH * HEIGHT * 4);
  for (let row = 0; row < CORNER.height; row++) {
    const from = row * CORNER.width * 4;
    data.set(corner.slice(from, from + CORNER.width * 4), ((CORNER.y + row) * WIDTH + CORNER.x) * 4);
  }
  return readStamp({ data, widthPx: WIDTH, heightPx: HEIGHT, channels: 4 });
}
