import { LocalPlane, turnDeg, type GeoPoint, type PlanePoint } from '#libs/geo';

/** How something moves: a share of each road's speed, its own limits, and how sharply it turns, gains and loses speed. */
export interface Gait {
  readonly speedShare: number;
  readonly topKmh: number;
  /** Metres a second, each second. */
  readonly gainMs2: number;
  readonly brakeMs2: number;
  /** Through a right angle. */
  readonly cornerKmh: number;
}

/** One straight of a way. */
export interface Leg {
  readonly to: GeoPoint;
  readonly limitKmh: number;
}

export interface Pose {
  readonly point: GeoPoint;
  /** Where it looks, 0 <= b < 360; standing it looks where it went last. */
  readonly bearingDeg: number;
  readonly speedKmh: number;
}

/** Below this a vehicle that has somewhere to go still crawls. */
const CRAWL_KMH = 3;
/** Bends below are taken at full speed, those above this as a right angle. */
const MILD_TURN_DEG = 20;
const RIGHT_TURN_DEG = 80;
/** Speed is kept for so long: at 50 km/h three metres and a half, near enough to brake in time. */
const MAX_STEP_S = 0.25;

interface Straight {
  readonly to: PlanePoint;
  readonly limitMs: number;
}

/** Something on its way along straights: it gains speed, slows before bends and stops at the end. */
export class Drive {
  private readonly plane: LocalPlane;
  private at: PlanePoint = { xM: 0, yM: 0 };
  private ahead: Straight[] = [];
  private bearing: number;
  private speedMs = 0;
  private drivenM = 0;
  private haste = 1;

  constructor(
    from: GeoPoint,
    private readonly gait: Gait,
    facingDeg = 0,
  ) {
    this.plane = new LocalPlane(from);
    this.bearing = facingDeg;
  }

  get pose(): Pose {
    return { point: this.plane.toGeo(this.at), bearingDeg: this.bearing, speedKmh: this.speedMs * 3.6 };
  }

  /** Metres driven since it was made. */
  get odometerM(): number {
    return this.drivenM;
  }

  /** Straights that are left; 0 when it is there. */
  get legsLeft(): number {
    return this.ahead.length;
  }

  get isThere(): boolean {
    return this.ahead.length === 0;
  }

  /** Takes another way from where it is. `haste` multiplies the speed of roads: below 1 on patrol, above 1 to a call. */
  follow(legs: readonly Leg[], haste: number): void {
    this.haste = haste;
    this.ahead = legs.map(({ to, limitKmh }) => ({ to: this.plane.toPlane(to), limitMs: this.limitOf(limitKmh) }));
    this.dropReached();
    if (this.ahead.length === 0) this.speedMs = 0;
  }

  /** Stays where it is. */
  halt(): void {
    this.ahead = [];
    this.speedMs = 0;
  }

  step(seconds: number): void {
    for (let left = seconds; left > 0 && !this.isThere; left -= MAX_STEP_S) this.stepOnce(Math.min(left, MAX_STEP_S));
  }

  private limitOf(limitKmh: number): number {
    return Math.min(this.gait.topKmh, limitKmh * this.gait.speedShare * this.haste) / 3.6;
  }

  private stepOnce(seconds: number): void {
    const wantedMs = this.safeSpeedMs();
    this.speedMs =
      wantedMs > this.speedMs
        ? Math.min(wantedMs, this.speedMs + this.gait.gainMs2 * seconds)
        : Math.max(wantedMs, this.speedMs - 2 * this.gait.brakeMs2 * seconds);
    this.move(Math.max(this.speedMs, CRAWL_KMH / 3.6) * seconds);
    if (this.isThere) this.speedMs = 0;
  }

  /** The most at which every bend ahead, and the end, can still be braked for. */
  private safeSpeedMs(): number {
    const { brakeMs2 } = this.gait;
    let safeMs = this.ahead[0]!.limitMs;
    let [from, awayM] = [this.at, 0];
    for (const [index, { to }] of this.ahead.entries()) {
      awayM += apartM(from, to);
      if (awayM > (safeMs * safeMs) / (2 * brakeMs2)) break;
      const next = this.ahead[index + 1];
      const thereMs = next === undefined ? 0 : Math.min(next.limitMs, this.bendMs(from, to, next.to));
      safeMs = Math.min(safeMs, Math.sqrt(thereMs * thereMs + 2 * brakeMs2 * awayM));
      from = to;
    }
    return safeMs;
  }

  private bendMs(from: PlanePoint, over: PlanePoint, to: PlanePoint): number {
    const turn = turnDeg(headingOf(from, over), headingOf(over, to));
    if (turn <= MILD_TURN_DEG) return Infinity;
    const sharp = Math.min(1, (turn - MILD_TURN_DEG) / (RIGHT_TURN_DEG - MILD_TURN_DEG));
    const cornerMs = this.gait.cornerKmh / 3.6;
    return cornerMs + (1 - sharp) * Math.max(0, this.gait.topKmh / 3.6 - cornerMs);
  }

  private move(metres: number): void {
    let leftM = metres;
    for (let next = this.ahead[0]; next !== undefined && leftM > 0; next = this.ahead[0]) {
      const awayM = apartM(this.at, next.to);
      if (awayM > 0) this.bearing = headingOf(this.at, next.to);
      const stepM = Math.min(leftM, awayM);
      this.drivenM += stepM;
      leftM -= stepM;
      if (stepM < awayM) {
        const share = stepM / awayM;
        const { xM, yM } = this.at;
        this.at = { xM: xM + (next.to.xM - xM) * share, yM: yM + (next.to.yM - yM) * share };
      } else {
        this.at = next.to;
        this.ahead.shift();
      }
    }
  }

  private dropReached(): void {
    while (this.ahead[0] !== undefined && apartM(this.at, this.ahead[0].to) < 0.5) this.ahead.shift();
  }
}

function apartM(a: PlanePoint, b: PlanePoint): number {
  return Math.hypot(a.xM - b.xM, a.yM - b.yM);
}

function headingOf(from: PlanePoint, to: PlanePoint): number {
  const heading = (Math.atan2(to.xM - from.xM, to.yM - from.yM) * 180) / Math.PI;
  return heading < 0 ? heading + 360 : heading;
}
