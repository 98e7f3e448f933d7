import { KMH_PER_KNOT } from '#libs/avl';
import { destination, type GeoPoint } from '#libs/geo';
import type { Dice } from './dice.ts';
import type { Pose } from './drive.ts';

/** One report as a phone makes it. */
export interface PhoneFix {
  readonly point: GeoPoint;
  readonly takenAtMs: number;
  readonly speedKmh: number;
  /** `null` while it stands: a phone does not know where it looks. */
  readonly bearingDeg: number | null;
  readonly accuracyM: number;
  readonly batteryPercent: number;
  readonly charging: boolean;
}

/** How often a phone reports while it moves, and while it stands. */
export interface ReportPace {
  readonly movingMs: number;
  readonly standingMs: number;
}

const MINUTE_MS = 60_000;
/** Deviation of a fix, and how long its error keeps its direction: a phone on a dashboard. */
const ERROR_M = 3.5;
const ERROR_KEEPS_MS = 40_000;
/** Quebradas, the market's roof, a network that is down: without coverage so long, so often. */
const SHADOW_EVERY_MS = 75 * MINUTE_MS;
const SHADOW_MS = [40_000, 260_000] as const;
/** Slower than this the direction of travel is noise. */
const HEADING_FROM_KMH = 3;
/** A full battery lasts seven hours; it charges in two. */
const DRAIN_PER_MS = 100 / (7 * 60 * MINUTE_MS);
const CHARGE_PER_MS = 100 / (2 * 60 * MINUTE_MS);
/** Below this somebody brings another phone, or plugs it in. */
const LOW_PERCENT = 18;

/** A phone that says where its unit is: with an error that drifts, without coverage now and then, with a battery. */
export class Phone {
  private errorEastM = 0;
  private errorNorthM = 0;
  private battery: number;
  private charging = false;
  private aliveMs = 0;
  private shadowFromMs: number;
  private shadowUntilMs: number;
  private dueMs: number;

  constructor(
    private readonly dice: Dice,
    private readonly pace: ReportPace,
    /** In a vehicle it is charged; on foot it is changed. */
    private readonly hasCharger: boolean,
  ) {
    this.battery = dice.between(35, 100);
    this.dueMs = dice.between(0, pace.movingMs);
    this.shadowFromMs = dice.gap(SHADOW_EVERY_MS);
    this.shadowUntilMs = this.shadowFromMs + dice.between(...SHADOW_MS);
  }

  /** Passes time, and answers what the phone sends now, if anything. */
  read(pose: Pose, nowMs: number, passedMs: number): PhoneFix | null {
    this.aliveMs += passedMs;
    this.drift(passedMs);
    this.drain(passedMs);
    if (this.aliveMs < this.dueMs || this.isInShadow()) return null;
    const moves = pose.speedKmh > 1;
    const paceMs = moves ? this.pace.movingMs : this.pace.standingMs;
    // From when it was due, so that the pace is kept whatever the step; what was missed is not made up for.
    this.dueMs = Math.max(this.dueMs, this.aliveMs - paceMs) + paceMs;
    const errorM = Math.hypot(this.errorEastM, this.errorNorthM);
    const towards = (Math.atan2(this.errorEastM, this.errorNorthM) * 180) / Math.PI;
    return {
      point: destination(pose.point, towards, errorM),
      takenAtMs: nowMs,
      speedKmh: moves ? Math.max(0, pose.speedKmh + this.dice.normal()) : 0,
      bearingDeg: pose.speedKmh > HEADING_FROM_KMH ? (pose.bearingDeg + this.dice.normal() * 2 + 360) % 360 : null,
      accuracyM: Math.round(this.dice.between(3, 9)),
      batteryPercent: Math.round(this.battery),
      charging: this.charging,
    };
  }

  /** Gauss and Markov of the first order: errors of a receiver hang together over time. */
  private drift(passedMs: number): void {
    const keep = Math.exp(-passedMs / ERROR_KEEPS_MS);
    const fresh = (ERROR_M / Math.SQRT2) * Math.sqrt(1 - keep * keep);
    this.errorEastM = this.errorEastM * keep + fresh * this.dice.normal();
    this.errorNorthM = this.errorNorthM * keep + fresh * this.dice.normal();
  }

  private drain(passedMs: number): void {
    this.battery += passedMs * (this.charging ? CHARGE_PER_MS : -DRAIN_PER_MS);
    if (this.battery >= 100) [this.battery, this.charging] = [100, false];
    if (this.battery >= LOW_PERCENT) return;
    if (this.hasCharger) this.charging = true;
    else this.battery = 100;
  }

  private isInShadow(): boolean {
    if (this.aliveMs >= this.shadowUntilMs) {
      this.shadowFromMs = this.aliveMs + this.dice.gap(SHADOW_EVERY_MS);
      this.shadowUntilMs = this.shadowFromMs + this.dice.between(...SHADOW_MS);
    }
    return this.aliveMs >= this.shadowFromMs;
  }
}

/** Parameters of the OsmAnd protocol as Traccar reads them: speed in knots, time in milliseconds. */
export function osmAndQuery(fix: PhoneFix): string {
  const query = new URLSearchParams({
    id: 'simulado',
    lat: fix.point.latitudeDeg.toFixed(6),
    lon: fix.point.longitudeDeg.toFixed(6),
    timestamp: String(Math.round(fix.takenAtMs)),
    speed: (fix.speedKmh / KMH_PER_KNOT).toFixed(2),
    accuracy: String(fix.accuracyM),
    batt: String(fix.batteryPercent),
    charge: String(fix.charging),
  });
  if (fix.bearingDeg !== null) query.set('bearing', fix.bearingDeg.toFixed(1));
  return query.toString();
}
