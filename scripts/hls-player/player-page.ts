import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';

/** One frame as it was shown: the mean grey of each square of its stamp, and when (Unix ms). */
export interface ShownFrame {
  readonly means: readonly number[];
  readonly shownAtMs: number;
}

/** What hls.js says of itself. */
export interface PlayerState {
  readonly lowLatencyMode: boolean;
  /** Distance of what is shown from the end of the playlist, by hls.js. */
  readonly latencyS: number;
  readonly targetLatencyS: number | null;
  readonly partsLoaded: number;
  readonly playedS: number;
  readonly waits: number;
  readonly droppedFrames: number;
  readonly totalFrames: number;
  /** Of the sound, by Chromium; 0 where there is none. */
  readonly audioDecodedBytes: number;
  readonly errors: readonly string[];
}

const HLS_JS = join(dirname(createRequire(import.meta.url).resolve('hls.js')), 'hls.min.js');

/**
 * Runs in the page. The stamp's block is 88x16 of 640x360 in the lower right corner (`camera-sim/stamp.ts`); of each
 * square its inner half is read.
 */
const PAGE_SCRIPT = `
  const COLUMNS = 11, ROWS = 2, SIDE = 8, WIDTH = COLUMNS * SIDE, HEIGHT = ROWS * SIDE;
  const shown = [], errors = [];
  let hls, partsLoaded = 0, waits = 0;
  const video = document.querySelector('video');
  const canvas = document.createElement('canvas');
  canvas.width = WIDTH; canvas.height = HEIGHT;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const originMs = Date.now() - performance.now();

  const meanOf = (data, square) => {
    const left = (square % COLUMNS) * SIDE + SIDE / 4, top = Math.floor(square / COLUMNS) * SIDE + SIDE / 4;
    let sum = 0;
    for (let y = top; y < top + SIDE / 2; y++)
      for (let x = left; x < left + SIDE / 2; x++) sum += data[(y * WIDTH + x) * 4 + 1];
    return sum / (SIDE / 2) ** 2;
  };
  const onFrame = (now, frame) => {
    const { videoWidth, videoHeight } = video;
    const width = videoWidth * WIDTH / 640, height = videoHeight * HEIGHT / 360;
    context.drawImage(video, videoWidth - width, videoHeight - height, width, height, 0, 0, WIDTH, HEIGHT);
    const { data } = context.getImageData(0, 0, WIDTH, HEIGHT);
    const means = Array.from({ length: COLUMNS * ROWS }, (_, square) => meanOf(data, square));
    if (shown.length < 10000) shown.push({ means, shownAtMs: originMs + frame.expectedDisplayTime });
    video.requestVideoFrameCallback(onFrame);
  };
  window.startPlayer = (url) => {
    // A stall moves the player back by a part, not by the second that it moves by itself.
    hls = new Hls({ lowLatencyMode: true, maxLiveSyncPlaybackRate: 1.2, backBufferLength: 5, liveSyncOnStallIncrease: 0.2 });
    hls.on(Hls.Events.FRAG_LOADED, (_event, { part }) => { if (part) partsLoaded++; });
    hls.on(Hls.Events.ERROR, (_event, { details, fatal, reason }) => errors.push((fatal ? 'fatal ' : '') + details + ' ' + (reason ?? '')));
    video.addEventListener('waiting', () => waits++);
    video.requestVideoFrameCallback(onFrame);
    hls.loadSource(url);
    hls.attachMedia(video);
    hls.on(Hls.Events.MANIFEST_PARSED, () => video.play());
  };
  window.takeShown = () => shown.splice(0);
  window.playerState = () => {
    const quality = video.getVideoPlaybackQuality();
    return {
      lowLatencyMode: hls.lowLatencyMode, latencyS: hls.latency, targetLatencyS: hls.targetLatency,
      partsLoaded, playedS: video.currentTime, waits, errors,
      droppedFrames: quality.droppedVideoFrames, totalFrames: quality.totalVideoFrames,
      audioDecodedBytes: video.webkitAudioDecodedByteCount,
    };
  };
`;

/** A page that plays one playlist with hls.js as it is published, in its low-latency mode. */
export class PlayerPage {
  private constructor(private readonly page: Page) {}

  static async open(browser: Browser, url: string): Promise<PlayerPage> {
    const context = await browser.newContext({ ignoreHTTPSErrors: true, viewport: { width: 660, height: 380 } });
    const page = await context.newPage();
    await page.setContent('<video muted playsinline width="640" height="360" style="display:block"></video>');
    await page.addScriptTag({ path: HLS_JS });
    await page.addScriptTag({ content: PAGE_SCRIPT });
    await page.evaluate(`startPlayer(${JSON.stringify(url)})`);
    return new PlayerPage(page);
  }

  state(): Promise<PlayerState> {
    return this.page.evaluate('playerState()');
  }

  /** What was shown since the last call. */
  takeShown(): Promise<ShownFrame[]> {
    return this.page.evaluate('takeShown()');
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}
