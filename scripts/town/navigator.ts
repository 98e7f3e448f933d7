import { distanceM, type GeoPoint } from '#libs/geo';
import { ROAD_SPEED_KMH, roadPath, type RoadGraph, type RoadNode } from '#libs/scheme';
import type { Dice } from './dice.ts';
import type { Drive, Leg } from './drive.ts';

/** From the last junction to a door, at a walk's pace for a car. */
const DOOR_KMH = 15;
/** Farther from a road nobody drives: the crew stops at the junction. */
const MAX_OFF_ROAD_M = 150;

/** Finds ways for one unit, and remembers between which junctions it is. */
export class Navigator {
  private path: readonly number[] = [];
  private doorLegs = 0;

  constructor(
    private readonly roads: RoadGraph,
    private readonly drive: Drive,
  ) {}

  /** Sets out to a junction. */
  goToNode(node: number, haste: number): void {
    this.path = this.quickest(node);
    this.doorLegs = 0;
    this.drive.follow(this.legsOf(this.path), haste);
  }

  /** Sets out to a place: by road to the junction nearest to it, and on to its door unless that is far from any road. */
  goTo(point: GeoPoint, haste: number): void {
    const { id, point: junction } = this.roads.nearest(point);
    this.path = this.quickest(id);
    const legs = this.legsOf(this.path);
    const awayM = distanceM(junction, point);
    this.doorLegs = awayM > 1 && awayM <= MAX_OFF_ROAD_M ? 1 : 0;
    this.drive.follow(this.doorLegs === 1 ? [...legs, { to: point, limitKmh: DOOR_KMH }] : legs, haste);
  }

  /** By way of the junction ahead or the one behind, whichever is quicker. */
  private quickest(to: number): readonly number[] {
    const ways = this.junctionsHere().map((from) => roadPath(this.roads, from, to));
    const [best] = ways.toSorted((a, b) => this.secondsOf(a) - this.secondsOf(b));
    return best!;
  }

  private junctionsHere(): readonly number[] {
    const { point } = this.drive.pose;
    const ahead = this.path.length + this.doorLegs - this.drive.legsLeft;
    const around = [this.path[ahead - 1], this.path[ahead]].filter((id) => id !== undefined);
    const onRoad = !this.drive.isThere && ahead < this.path.length && around.length > 0;
    return onRoad ? around : [this.roads.nearest(point).id];
  }

  private secondsOf(path: readonly number[]): number {
    const first = distanceM(this.drive.pose.point, this.roads.nodes[path[0]!]!.point);
    return path.slice(1).reduce(
      (sum, to, index) => {
        const { lengthM, kind } = this.roads.edgeBetween(path[index]!, to);
        return sum + (lengthM * 3.6) / ROAD_SPEED_KMH[kind];
      },
      (first * 3.6) / ROAD_SPEED_KMH.street,
    );
  }

  private legsOf(path: readonly number[]): Leg[] {
    return path.map((id, index) => {
      const before = path[index - 1];
      const kind = before === undefined ? 'street' : this.roads.edgeBetween(before, id).kind;
      return { to: this.roads.nodes[id]!.point, limitKmh: ROAD_SPEED_KMH[kind] };
    });
  }
}

/** Junctions of a unit's patrol: its quarter's, those on foot a few blocks of it alone. */
export function beatOf(roads: RoadGraph, quarter: string, onFoot: boolean, dice: Dice): readonly RoadNode[] {
  const all = roads.nodes.filter((node) => node.quarter === quarter);
  if (!onFoot) return all;
  const { point } = dice.pick(all);
  return all.filter((node) => distanceM(node.point, point) <= FOOT_BEAT_M);
}

const FOOT_BEAT_M = 350;
