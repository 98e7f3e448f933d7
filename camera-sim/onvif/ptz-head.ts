import type { Clock, Timer } from '#libs/base';
import type { PtzPosition, SimCamera, SimPreset } from '../model.ts';

export interface PanTiltZoom {
  /** -1..1, generic position space. */
  readonly pan: number;
  readonly tilt: number;
  /** 0..1 */
  readonly zoom: number;
}

export type PartialMove = Partial<PanTiltZoom>;

/** Full speed of the motors, in units of the generic spaces a second: left stop to right stop in 4 s. */
const PAN_TILT_UNITS_PER_S = 0.5;
const ZOOM_UNITS_PER_S = 0.25;
/** How often a moving head tells where it is. */
const TICK_MS = 50;

export const MAX_PRESETS = 64;

/** What the motors are doing; each move ends by arriving, by its time, or by another order. */
type Motion =
  | { readonly kind: 'idle' }
  | { readonly kind: 'to'; readonly goal: PanTiltZoom; readonly speed: PanTiltZoom }
  | { readonly kind: 'drive'; readonly velocity: PanTiltZoom; readonly untilMs: number };

/** The moving head of one camera. Moves take time; position and `moving` in the camera follow the clock. */
export class PtzHead {
  private motion: Motion = { kind: 'idle' };
  private at: PanTiltZoom;
  private tickedMs = 0;
  private timer: Timer | undefined;
  private readonly saved: Map<string, SimPreset>;
  private home: PanTiltZoom;
  private created = 0;

  constructor(
    private readonly camera: SimCamera,
    private readonly clock: Clock,
  ) {
    this.at = camera.position;
    this.saved = new Map(camera.spec.presets.map((preset) => [preset.token, preset]));
    this.home = camera.spec.presets[0] ?? camera.position;
  }

  get presets(): readonly SimPreset[] {
    return [...this.saved.values()];
  }

  get position(): PtzPosition {
    this.settle();
    return this.camera.position;
  }

  moveTo(goal: PartialMove, speed: PartialMove = {}): void {
    const from = this.position;
    this.begin({
      kind: 'to',
      goal: clamp({ pan: goal.pan ?? from.pan, tilt: goal.tilt ?? from.tilt, zoom: goal.zoom ?? from.zoom }),
      speed: { pan: speedOf(speed.pan), tilt: speedOf(speed.tilt), zoom: speedOf(speed.zoom) },
    });
  }

  moveBy(translation: PartialMove, speed?: PartialMove): void {
    const { pan, tilt, zoom } = this.position;
    const goal = {
      pan: pan + (translation.pan ?? 0),
      tilt: tilt + (translation.tilt ?? 0),
      zoom: zoom + (translation.zoom ?? 0),
    };
    this.moveTo(goal, speed);
  }

  /** Drives until told otherwise or for `timeoutMs`. An axis that is left out keeps what it was doing. */
  drive(velocity: PartialMove, timeoutMs: number): void {
    this.settle();
    const before = this.motion.kind === 'drive' ? this.motion.velocity : STILL;
    const next = {
      pan: velocity.pan ?? before.pan,
      tilt: velocity.tilt ?? before.tilt,
      zoom: velocity.zoom ?? before.zoom,
    };
    const isStill = next.pan === 0 && next.tilt === 0 && next.zoom === 0;
    if (isStill) this.stop({ panTilt: true, zoom: true });
    else this.begin({ kind: 'drive', velocity: next, untilMs: this.clock.monotonicMs() + timeoutMs });
  }

  stop(axes: { readonly panTilt: boolean; readonly zoom: boolean }): void {
    this.settle();
    if (this.motion.kind === 'idle') return;
    const from = this.camera.position;
    if (axes.panTilt && axes.zoom) this.finish();
    else if (this.motion.kind === 'drive') {
      const { velocity, untilMs } = this.motion;
      const kept = axes.panTilt ? { ...STILL, zoom: velocity.zoom } : { ...velocity, zoom: 0 };
      this.drive(kept, untilMs - this.clock.monotonicMs());
    } else {
      const { goal, speed } = this.motion;
      const kept = axes.panTilt ? { ...goal, pan: from.pan, tilt: from.tilt } : { ...goal, zoom: from.zoom };
      this.begin({ kind: 'to', goal: kept, speed });
    }
  }

  goTo(presetToken: string, speed?: PartialMove): boolean {
    const preset = this.saved.get(presetToken);
    if (preset) this.moveTo(preset, speed);
    return preset !== undefined;
  }

  goHome(speed?: PartialMove): void {
    this.moveTo(this.home, speed);
  }

  setHome(): void {
    const { pan, tilt, zoom } = this.position;
    this.home = { pan, tilt, zoom };
  }

  /** Saves where the head is. Returns the token, or `undefined` when the token is unknown or there is no room. */
  save(name: string | undefined, token: string | undefined): string | undefined {
    const { pan, tilt, zoom } = this.position;
    const old = token === undefined ? undefined : this.saved.get(token);
    if ((token !== undefined && !old) || (!old && this.saved.size >= MAX_PRESETS)) return undefined;
    const newToken = old?.token ?? this.unusedToken();
    this.saved.set(newToken, { token: newToken, name: name ?? old?.name ?? newToken, pan, tilt, zoom });
    return newToken;
  }

  remove(token: string): boolean {
    return this.saved.delete(token);
  }

  close(): void {
    this.timer?.cancel();
    this.timer = undefined;
    this.motion = { kind: 'idle' };
  }

  private unusedToken(): string {
    let token: string;
    do token = `P${++this.created}`;
    while (this.saved.has(token));
    return token;
  }

  private begin(motion: Motion): void {
    this.at = this.camera.position;
    this.motion = motion;
    this.tickedMs = this.clock.monotonicMs();
    this.timer ??= this.clock.every(TICK_MS, () => this.settle());
    this.show(true);
  }

  private finish(): void {
    this.close();
    this.show(false);
  }

  /** Brings the position up to the clock. */
  private settle(): void {
    if (this.motion.kind === 'idle') return;
    const nowMs = this.clock.monotonicMs();
    const untilMs = this.motion.kind === 'drive' ? Math.min(nowMs, this.motion.untilMs) : nowMs;
    const seconds = Math.max(0, untilMs - this.tickedMs) / 1000;
    this.tickedMs = nowMs;
    this.at =
      this.motion.kind === 'to'
        ? towards(this.at, this.motion, seconds)
        : driven(this.at, this.motion.velocity, seconds);
    const arrived = this.motion.kind === 'to' ? same(this.at, this.motion.goal) : nowMs >= this.motion.untilMs;
    if (arrived) this.finish();
    else if (seconds > 0) this.show(true);
  }

  private show(moving: boolean): void {
    const { pan, tilt, zoom } = this.at;
    this.camera.moveTo({ pan, tilt, zoom, moving, preset: nearestPreset(this.camera.spec.presets, this.at) });
  }
}

const STILL: PanTiltZoom = { pan: 0, tilt: 0, zoom: 0 };

/** The scene that the picture shows: clips exist for the spec's presets, whatever a client saved or removed. */
export function nearestPreset(presets: readonly SimPreset[], at: PanTiltZoom): string | undefined {
  let best: { token: string; distance: number } | undefined;
  for (const preset of presets) {
    const distance = Math.hypot(preset.pan - at.pan, preset.tilt - at.tilt, preset.zoom - at.zoom);
    if (!best || distance < best.distance) best = { token: preset.token, distance };
  }
  return best?.token;
}

function towards(
  at: PanTiltZoom,
  { goal, speed }: { goal: PanTiltZoom; speed: PanTiltZoom },
  seconds: number,
): PanTiltZoom {
  const step = (from: number, to: number, max: number): number =>
    Math.abs(to - from) <= max ? to : from + Math.sign(to - from) * max;
  return {
    pan: step(at.pan, goal.pan, speed.pan * PAN_TILT_UNITS_PER_S * seconds),
    tilt: step(at.tilt, goal.tilt, speed.tilt * PAN_TILT_UNITS_PER_S * seconds),
    zoom: step(at.zoom, goal.zoom, speed.zoom * ZOOM_UNITS_PER_S * seconds),
  };
}

function driven(at: PanTiltZoom, velocity: PanTiltZoom, seconds: number): PanTiltZoom {
  return clamp({
    pan: at.pan + velocity.pan * PAN_TILT_UNITS_PER_S * seconds,
    tilt: at.tilt + velocity.tilt * PAN_TILT_UNITS_PER_S * seconds,
    zoom: at.zoom + velocity.zoom * ZOOM_UNITS_PER_S * seconds,
  });
}

function clamp({ pan, tilt, zoom }: PanTiltZoom): PanTiltZoom {
  const within = (value: number, min: number): number => Math.min(1, Math.max(min, value));
  return { pan: within(pan, -1), tilt: within(tilt, -1), zoom: within(zoom, 0) };
}

function same(one: PanTiltZoom, other: PanTiltZoom): boolean {
  return one.pan === other.pan && one.tilt === other.tilt && one.zoom === other.zoom;
}

/** Share of full speed; a head never crawls so slowly that a move has no end. */
function speedOf(asked: number | undefined): number {
  return Math.min(1, Math.max(0.05, asked ?? 1));
}
