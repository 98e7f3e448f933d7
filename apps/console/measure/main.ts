import { systemClock } from '#libs/base';
import { TileSocket } from '../player/tile-socket.ts';
import { TilesLine } from '../player/tiles-line.ts';

/**
 * The player of tiles without the console around it, for `npm run bench:latency` and `bench:wall`: says when which pixels were displayed.
 * Not part of what is served to browsers.
 */
interface Plan {
  readonly tilesUrl: string;
  readonly tickets: readonly string[];
  /** Where the squares of the frame stamp lie in a picture: x, y, width, height. */
  readonly squares: readonly (readonly [number, number, number, number])[];
  /** The stamp of one picture in so many is read: reading costs time that a real page does not spend. */
  readonly sampleEvery: number;
}

/** One displayed picture: its tile, when it was displayed (Unix milliseconds), brightness of the stamp's squares. */
type Sample = readonly [tile: number, displayedAtMs: number, means: readonly number[]];

const MAX_SAMPLES = 100_000;
/** A tile starts with a key frame that may be a second old: that one is no picture of now. */
const LIVE_MS = 400;

class Measure {
  private readonly canvas = document.createElement('canvas');
  private readonly pen = this.canvas.getContext('2d', { willReadFrequently: true })!;
  private readonly tiles: MeasuredTile[] = [];
  private socket: TileSocket | undefined;
  private samples: Sample[] = [];

  start(plan: Plan): void {
    document.body.style.setProperty('--columns', String(Math.ceil(Math.sqrt(plan.tickets.length))));
    this.socket = new TileSocket(plan.tilesUrl, systemClock);
    for (const ticket of plan.tickets) {
      const number = this.tiles.length;
      const tile = new MeasuredTile((video, displayedAtMs, count) => {
        if (count % plan.sampleEvery !== 0 || this.samples.length >= MAX_SAMPLES) return;
        this.samples.push([number, displayedAtMs, this.meansOf(video, plan.squares)]);
      });
      this.tiles.push(tile);
      tile.open(this.socket, ticket);
    }
  }

  /** What was displayed since the last call. */
  take(): Sample[] {
    const { samples } = this;
    this.samples = [];
    return samples;
  }

  /** Pictures that each tile displayed so far. */
  counts(): number[] {
    return this.tiles.map((tile) => tile.count);
  }

  /** How steadily each tile shows pictures, since the last call. */
  steadiness(): Steadiness[] {
    return this.tiles.map((tile) => tile.steadiness());
  }

  /** Opens a tile anew. Resolves with the milliseconds until its first live picture was displayed. */
  reopen(number: number, ticket: string): Promise<number> {
    return this.tiles[number]!.open(this.socket!, ticket);
  }

  close(number: number): void {
    this.tiles[number]!.close();
  }

  private meansOf(video: HTMLVideoElement, squares: Plan['squares']): number[] {
    const { canvas, pen } = this;
    const left = Math.min(...squares.map(([x]) => x));
    const top = Math.min(...squares.map(([, y]) => y));
    const [width, height] = [video.videoWidth - left, video.videoHeight - top];
    if (canvas.width !== width) [canvas.width, canvas.height] = [width, height];
    pen.drawImage(video, left, top, width, height, 0, 0, width, height);
    const { data } = pen.getImageData(0, 0, width, height);
    return squares.map(([x, y, w, h]) => meanOf(data, width, x - left + w / 4, y - top + h / 4, w / 2, h / 2));
  }
}

function meanOf(data: Uint8ClampedArray, rowPx: number, x: number, y: number, width: number, height: number): number {
  let sum = 0;
  let count = 0;
  for (let row = Math.round(y); row < Math.round(y + height); row++) {
    for (let column = Math.round(x); column < Math.round(x + width); column++, count++) {
      sum += data[(row * rowPx + column) * 4 + 1] ?? 0;
    }
  }
  return Math.round(sum / count);
}

/** A picture that stands still for longer is a stall that a watching person notices. */
const STALL_MS = 1_000;

interface Steadiness {
  /** Pictures that the browser gave to its compositor so far, whether or not we were told of each. */
  readonly presented: number;
  /** Longest time without a new picture, the one that goes on just now included. */
  readonly longestGapMs: number;
  readonly stalls: number;
}

class MeasuredTile {
  count = 0;
  private presented = 0;
  private shownMs = systemClock.monotonicMs();
  private longestGapMs = 0;
  private stalls = 0;
  private video = videoElement();
  private line: TilesLine | undefined;
  private onLive: ((displayedMs: number) => void) | undefined;

  constructor(private readonly onPicture: (video: HTMLVideoElement, displayedAtMs: number, count: number) => void) {
    document.body.append(this.video);
  }

  /** On an element of its own, as a tile that comes into a page has: nothing of an older picture is in it. */
  open(socket: TileSocket, ticket: string): Promise<number> {
    this.close();
    const fresh = videoElement();
    this.video.replaceWith(fresh);
    this.video = fresh;
    const startedMs = systemClock.monotonicMs();
    return new Promise((resolve, reject) => {
      this.onLive = (displayedMs) => resolve(displayedMs - startedMs);
      const events = { onFatal: (code: string) => reject(new Error(code)) };
      const line = new TilesLine(fresh, socket, ticket, systemClock, events);
      this.line = line;
      this.watch(fresh, line);
    });
  }

  close(): void {
    this.line?.destroy();
    this.line = undefined;
  }

  steadiness(): Steadiness {
    const gapMs = systemClock.monotonicMs() - this.shownMs;
    const { presented } = this;
    const longestGapMs = Math.max(this.longestGapMs, gapMs);
    const stalls = this.stalls + (gapMs > STALL_MS ? 1 : 0);
    this.longestGapMs = 0;
    this.stalls = 0;
    return { presented, longestGapMs, stalls };
  }

  private noteShown(nowMs: number, presented: number): void {
    const gapMs = nowMs - this.shownMs;
    this.shownMs = nowMs;
    this.presented = presented;
    this.longestGapMs = Math.max(this.longestGapMs, gapMs);
    if (gapMs > STALL_MS) this.stalls++;
  }

  private watch(video: HTMLVideoElement, line: TilesLine): void {
    video.requestVideoFrameCallback((nowMs, { expectedDisplayTime, mediaTime, presentedFrames }) => {
      if (line !== this.line) return;
      this.noteShown(nowMs, presentedFrames);
      // Never earlier than the moment at which we are told of it.
      const displayedMs = Math.max(nowMs, expectedDisplayTime);
      const takenAtMs = line.displayedAtMs(mediaTime * 1_000);
      this.count++;
      if (takenAtMs !== null && performance.timeOrigin + displayedMs - takenAtMs <= LIVE_MS) {
        this.onLive?.(displayedMs);
        this.onLive = undefined;
      }
      this.onPicture(video, performance.timeOrigin + displayedMs, this.count);
      this.watch(video, line);
    });
  }
}

function videoElement(): HTMLVideoElement {
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  return video;
}

Object.assign(window, { measure: new Measure() });
