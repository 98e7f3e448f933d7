import { LocalPlane, type GeoPoint, type PlanePoint } from '#libs/geo';
import { cutAtCrossings, type Piece } from './road-crossings.ts';
import type { RoadKind, RoadLine } from './road-lines.ts';

/** A way from one junction to the next; every road is driven both ways, so each has its twin. */
export interface RoadEdge {
  readonly to: number;
  readonly lengthM: number;
  readonly kind: RoadKind;
  readonly name: string;
}

/** A junction, a bend or an end. */
export interface RoadNode {
  readonly id: number;
  readonly point: GeoPoint;
  /** Quarter of one of its streets; `null` on an avenue outside of any. */
  readonly quarter: string | null;
  readonly edges: readonly RoadEdge[];
}

/** Junctions nearer to each other than this are one. */
const SAME_PLACE_M = 6;

interface Draft {
  readonly at: PlanePoint;
  quarter: string | null;
  readonly edges: RoadEdge[];
}

/** Roads as junctions and the ways between them. From every node every other can be reached. */
export class RoadGraph {
  private constructor(
    readonly nodes: readonly RoadNode[],
    private readonly plane: LocalPlane,
    private readonly places: readonly PlanePoint[],
  ) {}

  /** Cuts the lines where they cross. Parts that nothing joins are linked to the greatest by their nearest junctions. */
  static of(lines: readonly RoadLine[]): RoadGraph {
    const [longitudeDeg, latitudeDeg] = lines[0]?.points[0] ?? [0, 0];
    const plane = new LocalPlane({ latitudeDeg, longitudeDeg });
    const flat = lines.map((line) => ({
      ...line,
      points: line.points.map(([longitude, latitude]) =>
        plane.toPlane({ latitudeDeg: latitude, longitudeDeg: longitude }),
      ),
    }));
    const drafts = joined(cutAtCrossings(flat));
    linkParts(drafts);
    const nodes = drafts.map(({ at, quarter, edges }, id) => ({ id, point: plane.toGeo(at), quarter, edges }));
    return new RoadGraph(
      nodes,
      plane,
      drafts.map(({ at }) => at),
    );
  }

  /** The junction nearest to a point as the crow flies. @throws when there are no roads at all. */
  nearest(point: GeoPoint): RoadNode {
    const at = this.plane.toPlane(point);
    const id = nearestOf(at, this.places);
    const found = this.nodes[id];
    if (!found) throw new Error('a graph without roads has no junctions');
    return found;
  }

  /** The way between two neighbours. @throws when they are none. */
  edgeBetween(from: number, to: number): RoadEdge {
    const found = this.nodes[from]?.edges.find((edge) => edge.to === to);
    if (!found) throw new Error(`no road leads from ${from} to ${to}`);
    return found;
  }
}

/** Junctions by place: the ends of all pieces, those that lie together as one. */
function joined(pieces: readonly Piece[]): Draft[] {
  const drafts: Draft[] = [];
  const cells = new Map<string, number[]>();
  const idOf = (at: PlanePoint): number => {
    const [column, row] = [Math.floor(at.xM / SAME_PLACE_M), Math.floor(at.yM / SAME_PLACE_M)];
    for (let x = column - 1; x <= column + 1; x++)
      for (let y = row - 1; y <= row + 1; y++)
        for (const id of cells.get(`${x} ${y}`) ?? []) if (apartM(drafts[id]!.at, at) <= SAME_PLACE_M) return id;
    const key = `${column} ${row}`;
    cells.set(key, [...(cells.get(key) ?? []), drafts.length]);
    return drafts.push({ at, quarter: null, edges: [] }) - 1;
  };
  for (const { from, to, line } of pieces) {
    const [a, b] = [idOf(from), idOf(to)];
    drafts[a]!.quarter ??= line.quarter;
    drafts[b]!.quarter ??= line.quarter;
    if (a !== b) joinNodes(drafts, a, b, line.kind, line.name);
  }
  return drafts;
}

function joinNodes(drafts: readonly Draft[], a: number, b: number, kind: RoadKind, name: string): void {
  if (drafts[a]!.edges.some(({ to }) => to === b)) return;
  const lengthM = apartM(drafts[a]!.at, drafts[b]!.at);
  drafts[a]!.edges.push({ to: b, lengthM, kind, name });
  drafts[b]!.edges.push({ to: a, lengthM, kind, name });
}

function linkParts(drafts: readonly Draft[]): void {
  for (let parts = partsOf(drafts); parts.length > 1; parts = partsOf(drafts)) {
    const [greatest, ...others] = parts.sort((a, b) => b.length - a.length);
    const part = others[0]!;
    let best = { a: part[0]!, b: greatest![0]!, apartM: Infinity };
    for (const a of part)
      for (const b of greatest!) {
        const distance = apartM(drafts[a]!.at, drafts[b]!.at);
        if (distance < best.apartM) best = { a, b, apartM: distance };
      }
    joinNodes(drafts, best.a, best.b, 'link', '');
  }
}

/** Sets of nodes that reach each other. */
function partsOf(drafts: readonly Draft[]): number[][] {
  const seen = new Set<number>();
  const parts: number[][] = [];
  for (let start = 0; start < drafts.length; start++) {
    if (seen.has(start)) continue;
    const part = [start];
    seen.add(start);
    for (const at of part)
      for (const { to } of drafts[at]!.edges) {
        if (seen.has(to)) continue;
        seen.add(to);
        part.push(to);
      }
    parts.push(part);
  }
  return parts;
}

function nearestOf(at: PlanePoint, places: readonly PlanePoint[]): number {
  let best = -1;
  let bestM = Infinity;
  for (const [id, place] of places.entries()) {
    const distance = apartM(at, place);
    if (distance < bestM) [best, bestM] = [id, distance];
  }
  return best;
}

function apartM(a: PlanePoint, b: PlanePoint): number {
  return Math.hypot(a.xM - b.xM, a.yM - b.yM);
}
