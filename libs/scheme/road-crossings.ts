import type { PlanePoint } from '#libs/geo';
import type { RoadLine } from './road-lines.ts';

export interface FlatLine extends Omit<RoadLine, 'points'> {
  readonly points: readonly PlanePoint[];
}

/** A straight part of a line between two junctions. */
export interface Piece {
  readonly line: FlatLine;
  readonly from: PlanePoint;
  readonly to: PlanePoint;
}

interface Segment extends Piece {
  readonly lengthM: number;
  /** Where others cross it, as shares of its length. */
  readonly cuts: number[];
}

/** A drawn line may end short of the road that it means to meet, by so much. */
const REACH_M = 25;

/** Every line in its straight parts, cut where another one crosses it or ends at it. */
export function cutAtCrossings(lines: readonly FlatLine[]): Piece[] {
  const segments = lines.flatMap(segmentsOf);
  for (const [index, one] of segments.entries())
    for (let other = index + 1; other < segments.length; other++) cross(one, segments[other]!);
  return segments.flatMap(piecesOf);
}

function segmentsOf(line: FlatLine): Segment[] {
  return line.points.slice(1).flatMap((to, index) => {
    const from = line.points[index]!;
    const lengthM = Math.hypot(to.xM - from.xM, to.yM - from.yM);
    return lengthM === 0 ? [] : [{ line, from, to, lengthM, cuts: [0, 1] }];
  });
}

function cross(a: Segment, b: Segment): void {
  const [ax, ay] = [a.to.xM - a.from.xM, a.to.yM - a.from.yM];
  const [bx, by] = [b.to.xM - b.from.xM, b.to.yM - b.from.yM];
  const turn = ax * by - ay * bx;
  // Parallel within a thousandth: they meet at their ends or not at all.
  if (Math.abs(turn) < 1e-3 * a.lengthM * b.lengthM) return;
  const [dx, dy] = [b.from.xM - a.from.xM, b.from.yM - a.from.yM];
  const alongA = (dx * by - dy * bx) / turn;
  const alongB = (dx * ay - dy * ax) / turn;
  if (!reaches(alongA, a.lengthM) || !reaches(alongB, b.lengthM)) return;
  a.cuts.push(alongA);
  b.cuts.push(alongB);
}

function reaches(share: number, lengthM: number): boolean {
  const slack = REACH_M / lengthM;
  return share >= -slack && share <= 1 + slack;
}

function piecesOf({ line, from, to, cuts }: Segment): Piece[] {
  const at = (share: number): PlanePoint => ({
    xM: from.xM + (to.xM - from.xM) * share,
    yM: from.yM + (to.yM - from.yM) * share,
  });
  const shares = cuts.toSorted((a, b) => a - b);
  return shares.slice(1).map((share, index) => ({ line, from: at(shares[index]!), to: at(share) }));
}
