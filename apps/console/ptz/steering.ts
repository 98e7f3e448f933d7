import { uuidV7, type Clock, type Timer } from '#libs/base';

/** Shares of full speed, -1..1: right, up and near are positive. */
export interface Velocity {
  readonly pan: number;
  readonly tilt: number;
  readonly zoom: number;
}

/** The way to the camera. `press` names one press: a move that arrives after its own stop is not made. */
export interface SteeringLine {
  move(velocity: Velocity, press: string): Promise<void>;
  stop(press: string): Promise<void>;
}

/** A pressed key is sent again so often. The api ends a move after 1 s, so two may get lost. */
const REPEAT_MS = 400;
/** A change of direction is sent at once, but not more than five times a second. */
const MIN_GAP_MS = 200;

/**
 * What is pressed, turned into orders: the first at once, a change soon, the same again while it lasts, and the stop at once
 * when the last key is up. Keys and pointers add up: right and up together go across.
 */
export class Steering {
  private readonly pressed = new Map<string, Velocity>();
  private pressId = '';
  private speed = 0.5;
  private sentMs = -Infinity;
  private sending = false;
  private timer: Timer | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly line: SteeringLine,
    /** Hears why a move was refused. The press is over by then. */
    private readonly onRefused: (error: unknown) => void,
  ) {}

  get isPressed(): boolean {
    return this.pressed.size > 0;
  }

  /** Share of full speed, 0..1, from now on. */
  setSpeed(speed: number): void {
    this.speed = speed;
    if (this.isPressed) this.sendSoon();
  }

  /** `source` is the key or pointer; pressing it again changes nothing. */
  press(source: string, direction: Velocity): void {
    if (this.pressed.has(source)) return;
    const first = !this.isPressed;
    this.pressed.set(source, direction);
    if (!first) return this.sendSoon();
    this.pressId = uuidV7(this.clock.nowMs());
    this.send();
  }

  release(source: string): void {
    if (!this.pressed.delete(source)) return;
    if (this.isPressed) this.sendSoon();
    else this.end();
  }

  /** The page lost the focus, or goes away. */
  releaseAll(): void {
    if (!this.isPressed) return;
    this.pressed.clear();
    this.end();
  }

  private end(): void {
    this.timer?.cancel();
    // A stop that is refused needs no word: the camera is somebody else's, or away and stopped by the api.
    this.line.stop(this.pressId).catch(() => undefined);
  }

  private send(): void {
    const press = this.pressId;
    this.sentMs = this.clock.monotonicMs();
    this.sending = true;
    this.again(REPEAT_MS);
    this.line
      .move(sumOf(this.pressed.values(), this.speed), press)
      .catch((error: unknown) => this.giveUp(press, error))
      .finally(() => (this.sending = false));
  }

  private sendSoon(): void {
    this.again(Math.max(0, this.sentMs + MIN_GAP_MS - this.clock.monotonicMs()));
  }

  private again(delayMs: number): void {
    this.timer?.cancel();
    this.timer = this.clock.after(delayMs, () => {
      if (!this.isPressed) return;
      // A slow camera is not given orders faster than it takes them.
      if (this.sending) this.again(MIN_GAP_MS);
      else this.send();
    });
  }

  private giveUp(press: string, error: unknown): void {
    // A move that fails after its key is up, or during a later press, is nobody's concern any more.
    if (press !== this.pressId || !this.isPressed) return;
    this.pressed.clear();
    this.timer?.cancel();
    this.onRefused(error);
  }
}

function sumOf(directions: Iterable<Velocity>, speed: number): Velocity {
  const sum = { pan: 0, tilt: 0, zoom: 0 };
  for (const { pan, tilt, zoom } of directions) {
    sum.pan += pan;
    sum.tilt += tilt;
    sum.zoom += zoom;
  }
  const share = (axis: number): number => Math.max(-1, Math.min(1, axis)) * speed || 0;
  return { pan: share(sum.pan), tilt: share(sum.tilt), zoom: share(sum.zoom) };
}

/** What the keys of the pad mean; `undefined` for every other key. */
export function directionOfKey(key: string): Velocity | undefined {
  return KEYS[key];
}

const still: Velocity = { pan: 0, tilt: 0, zoom: 0 };
const KEYS: Readonly<Record<string, Velocity>> = {
  ArrowLeft: { ...still, pan: -1 },
  ArrowRight: { ...still, pan: 1 },
  ArrowUp: { ...still, tilt: 1 },
  ArrowDown: { ...still, tilt: -1 },
  '+': { ...still, zoom: 1 },
  '=': { ...still, zoom: 1 },
  '-': { ...still, zoom: -1 },
};
