import { distanceM } from '#libs/geo';
import type { RoadGraph } from './road-graph.ts';
import type { RoadKind } from './road-lines.ts';

/** What a car does in a town with its traffic, km/h: our own figures. */
export const ROAD_SPEED_KMH: Readonly<Record<RoadKind, number>> = { avenue: 45, street: 28, link: 20 };
const FASTEST_M_PER_S = 45 / 3.6;

interface Open {
  readonly id: number;
  /** Seconds from the start, and the least that a way through here can take. */
  readonly costS: number;
  readonly totalS: number;
}

/** The quickest way as nodes, both ends included (A* with the straight line at the highest speed as bound). */
export function roadPath(graph: RoadGraph, from: number, to: number): number[] {
  const goal = graph.nodes[to]!.point;
  const leastS = (id: number): number => distanceM(graph.nodes[id]!.point, goal) / FASTEST_M_PER_S;
  const best = new Map<number, { readonly costS: number; readonly before: number }>([[from, { costS: 0, before: -1 }]]);
  const open = new Heap();
  open.push({ id: from, costS: 0, totalS: leastS(from) });
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.id === to) return trail(best, to);
    if (next.costS > best.get(next.id)!.costS) continue;
    for (const edge of graph.nodes[next.id]!.edges) {
      const costS = next.costS + (edge.lengthM * 3.6) / ROAD_SPEED_KMH[edge.kind];
      if (costS >= (best.get(edge.to)?.costS ?? Infinity)) continue;
      best.set(edge.to, { costS, before: next.id });
      open.push({ id: edge.to, costS, totalS: costS + leastS(edge.to) });
    }
  }
  throw new Error(`no road leads from ${from} to ${to}`);
}

function trail(best: ReadonlyMap<number, { readonly before: number }>, to: number): number[] {
  const nodes: number[] = [];
  for (let at = to; at !== -1; at = best.get(at)!.before) nodes.push(at);
  return nodes.toReversed();
}

/** The least `totalS` comes out first. */
class Heap {
  private readonly items: Open[] = [];

  push(item: Open): void {
    const { items } = this;
    let at = items.push(item) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (items[parent]!.totalS <= item.totalS) break;
      items[at] = items[parent]!;
      at = parent;
    }
    items[at] = item;
  }

  pop(): Open | undefined {
    const { items } = this;
    const [first] = items;
    const last = items.pop();
    if (first === undefined || last === undefined || items.length === 0) return first;
    let at = 0;
    for (let child = 1; child < items.length; child = 2 * at + 1) {
      if (child + 1 < items.length && items[child + 1]!.totalS < items[child]!.totalS) child++;
      if (items[child]!.totalS >= last.totalS) break;
      items[at] = items[child]!;
      at = child;
    }
    items[at] = last;
    return first;
  }
}
