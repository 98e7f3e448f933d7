import type { Channel } from '#libs/dispatch';
import type { GeoPoint } from '#libs/geo';
import type { RoadGraph, RoadNode } from '#libs/scheme';
import {
  CALL_KINDS,
  DETAILS,
  FAMILY_NAMES,
  GIVEN_NAMES,
  OPENINGS,
  PORT_STREETS,
  REFERENCES,
  type CallKind,
} from './call-words.ts';
import { Dice } from './dice.ts';

/** One report as an operator takes it down. */
export interface PretendedCall {
  readonly typeCode: string;
  readonly channel: Channel;
  readonly callerName: string;
  /** `null` where nobody rang by telephone. */
  readonly callerPhone: string | null;
  readonly point: GeoPoint;
  readonly address: string;
  readonly reference: string;
  readonly narrative: string;
}

const HOUR_MS = 3_600_000;
/** Lima, all year. */
const UTC_OFFSET_H = -5;
/**
 * Calls by hour of the day, the mean being 1: quiet before dawn, busy from dusk until after midnight. Our own shape, by what
 * serenazgo centres publish; no figures of Ilo's were found.
 */
const BY_HOUR = [
  1.25, 1.0, 0.75, 0.5, 0.35, 0.3, 0.4, 0.6, 0.75, 0.85, 0.9, 0.95, 1.0, 1.0, 0.95, 0.95, 1.0, 1.1, 1.3, 1.5, 1.65,
  1.75, 1.7, 1.5,
] as const;
const BUSIEST = Math.max(...BY_HOUR);
const BY_NIGHT = { night: 2.2, day: 0.35 } as const;
const BY_DAY = { night: 0.35, day: 1.6 } as const;

const CHANNELS: readonly (readonly [Channel, number])[] = [
  ['TEL_LOCAL', 52],
  ['WHATSAPP', 16],
  ['TEL_105', 10],
  ['JUNTA_VECINAL', 8],
  ['APP_WEB', 5],
  ['PRESENCIAL', 3],
  ['PATRULLA', 3],
  ['BOTON_PANICO', 3],
];
const BY_PHONE: readonly Channel[] = ['TEL_LOCAL', 'WHATSAPP', 'TEL_105', 'APP_WEB', 'JUNTA_VECINAL'];
/** So many people call at all: some of them again, so that a caller has a history. */
const CALLERS = 400;
const ANONYMOUS_SHARE = 0.3;

/** Calls that arrive by chance: a Poisson process whose rate follows the hour, cut from one of the busiest hour (thinning). */
export class CallSource {
  constructor(
    private readonly roads: RoadGraph,
    private readonly perHour: number,
    private readonly dice: Dice,
  ) {}

  /** When the next call after `nowMs` comes. */
  nextAtMs(nowMs: number): number {
    let atMs = nowMs;
    do atMs += this.dice.gap(HOUR_MS / (this.perHour * BUSIEST));
    while (!this.dice.chance(BY_HOUR[hourOf(atMs)]! / BUSIEST));
    return atMs;
  }

  take(nowMs: number): PretendedCall {
    const { dice } = this;
    const kind = dice.weighted(CALL_KINDS, (one) => one.weight * hourFactor(one, hourOf(nowMs)));
    const [channel] = dice.weighted(CHANNELS, ([, weight]) => weight);
    return {
      typeCode: kind.typeCode,
      channel,
      ...this.caller(channel),
      ...this.place(),
      narrative: `${dice.pick(OPENINGS)}${dice.pick(kind.facts)}. ${dice.pick(DETAILS)}`,
    };
  }

  /** Numbers of a mobile's form that begin with 900 000: made up, and never called. A number is always the same person's. */
  private caller(channel: Channel): Pick<PretendedCall, 'callerName' | 'callerPhone'> {
    if (!BY_PHONE.includes(channel)) return { callerName: '', callerPhone: null };
    const number = this.dice.whole(0, CALLERS - 1);
    const person = new Dice(`caller ${number}`);
    const callerName = `${person.pick(GIVEN_NAMES)} ${person.pick(FAMILY_NAMES)}`;
    return {
      callerName: this.dice.chance(ANONYMOUS_SHARE) ? '' : callerName,
      callerPhone: `900000${String(number).padStart(3, '0')}`,
    };
  }

  /** Somewhere along a street of a quarter, not on its corner. */
  private place(): Pick<PretendedCall, 'point' | 'address' | 'reference'> {
    const { dice } = this;
    const node = dice.pick(this.roads.nodes.filter(isInQuarter));
    const edge = dice.pick(node.edges);
    const share = dice.between(0.1, 0.9) * Math.min(1, LONGEST_BLOCK_M / edge.lengthM);
    return {
      point: between(node.point, this.roads.nodes[edge.to]!.point, share),
      address: edge.name === '' ? this.address(node) : edge.name,
      reference: dice.chance(0.6) ? dice.pick(REFERENCES) : '',
    };
  }

  /** Streets and blocks in the old town; lots of a block, as everywhere on the Pampa, elsewhere. */
  private address({ quarter }: RoadNode): string {
    const { dice } = this;
    if (quarter === 'El Puerto') return `${dice.pick(PORT_STREETS)} ${dice.whole(1, 9)}${dice.whole(10, 99)}`;
    const block = String.fromCharCode('A'.charCodeAt(0) + dice.whole(0, 25));
    return `Mz. ${block} Lt. ${dice.whole(1, 32)}, ${quarter}`;
  }
}

/** Along a highway out of town a call stays near its junction. */
const LONGEST_BLOCK_M = 150;

function isInQuarter({ quarter, edges }: RoadNode): boolean {
  return quarter !== null && edges.length > 0;
}

function hourOf(atMs: number): number {
  return Math.floor(atMs / HOUR_MS + UTC_OFFSET_H + 24) % 24;
}

function hourFactor({ hours }: CallKind, hour: number): number {
  if (hours === undefined) return 1;
  const isNight = hour >= 19 || hour < 5;
  return (isNight ? BY_NIGHT : BY_DAY)[hours];
}

function between(from: GeoPoint, to: GeoPoint, share: number): GeoPoint {
  return {
    latitudeDeg: from.latitudeDeg + (to.latitudeDeg - from.latitudeDeg) * share,
    longitudeDeg: from.longitudeDeg + (to.longitudeDeg - from.longitudeDeg) * share,
  };
}
