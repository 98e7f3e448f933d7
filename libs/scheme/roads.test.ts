import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { distanceM, type GeoPoint } from '#libs/geo';
import { QUARTERS, ROAD_SPEED_KMH, RoadGraph, roadLines, roadPath, type LonLat, type RoadLine } from './index.ts';

const roads = RoadGraph.of(roadLines());
const node = fc.integer({ min: 0, max: roads.nodes.length - 1 });

/** 0.001 degrees are about 106 m east and 111 m north here. */
function line(kind: RoadLine['kind'], name: string, ...points: LonLat[]): RoadLine {
  return { kind, name, quarter: null, points: points.map(([x, y]) => [-71.34 + x / 1_000, -17.65 + y / 1_000]) };
}

function at(x: number, y: number): GeoPoint {
  return { longitudeDeg: -71.34 + x / 1_000, latitudeDeg: -17.65 + y / 1_000 };
}

function lengthOf(path: readonly number[]): number {
  return path.slice(1).reduce((sum, to, index) => sum + roads.edgeBetween(path[index]!, to).lengthM, 0);
}

function secondsOf(path: readonly number[]): number {
  return path.slice(1).reduce((sum, to, index) => {
    const { lengthM, kind } = roads.edgeBetween(path[index]!, to);
    return sum + (lengthM * 3.6) / ROAD_SPEED_KMH[kind];
  }, 0);
}

describe('road graph', () => {
  it('has a junction where two roads cross and where one ends at the other', () => {
    const graph = RoadGraph.of([
      line('avenue', 'A', [0, 0], [4, 0]),
      line('street', 'B', [1, -1], [1, 1]),
      // Drawn 11 m short of the avenue.
      line('street', 'C', [3, 0.1], [3, 2]),
    ]);
    expect(graph.nodes).toHaveLength(7 + 1);
    const crossing = graph.nearest(at(1, 0));
    expect(distanceM(crossing.point, at(1, 0))).toBeLessThan(0.5);
    expect(crossing.edges.map(({ name }) => name).toSorted()).toEqual(['A', 'A', 'B', 'B']);
    expect(graph.nearest(at(3, 0)).edges).toHaveLength(3);
    expect(graph.nodes.flatMap(({ edges }) => edges).some(({ kind }) => kind === 'link')).toBe(false);
  });

  it('links a part that no road reaches by its nearest junctions', () => {
    const graph = RoadGraph.of([line('avenue', 'A', [0, 0], [4, 0]), line('street', 'B', [1, 1], [1, 2])]);
    const links = graph.nodes.flatMap(({ edges }) => edges).filter(({ kind }) => kind === 'link');
    expect(links).toHaveLength(2);
    expect(links[0]!.lengthM).toBeCloseTo(distanceM(at(1, 1), at(0, 0)), -1);
  });

  it('of Ilo reaches every quarter, and nearly all of it is drawn on the map', () => {
    const named = new Set(roads.nodes.map(({ quarter }) => quarter));
    for (const { name } of QUARTERS) expect(named).toContain(name);
    const edges = roads.nodes.flatMap((one) => one.edges);
    const linkM = edges.filter(({ kind }) => kind === 'link').reduce((sum, { lengthM }) => sum + lengthM, 0);
    const allM = edges.reduce((sum, { lengthM }) => sum + lengthM, 0);
    expect(allM / 2).toBeGreaterThan(100_000);
    expect(linkM / allM).toBeLessThan(0.01);
  });

  it('joins the same two junctions from both sides, and no junction with itself', () => {
    for (const { id, edges } of roads.nodes)
      for (const { to, lengthM } of edges) {
        expect(to).not.toBe(id);
        expect(roads.edgeBetween(to, id).lengthM).toBe(lengthM);
        // The sphere is up to half a percent off the plane.
        const apartM = distanceM(roads.nodes[id]!.point, roads.nodes[to]!.point);
        expect(Math.abs(apartM / lengthM - 1)).toBeLessThan(0.006);
      }
  });
});

describe('quickest way', () => {
  it('takes the avenue round a block of slow streets', () => {
    const graph = RoadGraph.of([
      line('street', 'straight', [0, 0], [4, 0]),
      line('avenue', 'round', [0, 0], [0, 0.4], [4, 0.4], [4, 0]),
    ]);
    const [from, to] = [graph.nearest(at(0, 0)).id, graph.nearest(at(4, 0)).id];
    const path = roadPath(graph, from, to);
    expect(path.slice(1).map((next, index) => graph.edgeBetween(path[index]!, next).name)).toEqual(
      Array.from({ length: 3 }, () => 'round'),
    );
  });

  it('is there between any two junctions, never shorter than the straight line, and as quick back as forth', () => {
    fc.assert(
      fc.property(node, node, (from, to) => {
        const path = roadPath(roads, from, to);
        expect([path[0], path.at(-1)]).toEqual([from, to]);
        const straightM = distanceM(roads.nodes[from]!.point, roads.nodes[to]!.point);
        expect(lengthOf(path)).toBeGreaterThan(straightM * 0.99 - 1);
        expect(secondsOf(roadPath(roads, to, from))).toBeCloseTo(secondsOf(path), 3);
      }),
      { numRuns: 60 },
    );
  });

  it('never goes through a part of itself that could be quicker', () => {
    fc.assert(
      fc.property(node, node, fc.double({ min: 0, max: 1, noNaN: true }), (from, to, share) => {
        const path = roadPath(roads, from, to);
        const middle = path[Math.floor((path.length - 1) * share)]!;
        const head = roadPath(roads, from, middle);
        expect(secondsOf(head)).toBeCloseTo(secondsOf(path.slice(0, path.indexOf(middle) + 1)), 3);
      }),
      { numRuns: 60 },
    );
  });
});
