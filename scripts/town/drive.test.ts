import { describe, expect, it } from '@jest/globals';
import { LocalPlane, destination, distanceM, turnDeg, type GeoPoint } from '#libs/geo';
import { RoadGraph, roadLines } from '#libs/scheme';
import { Dice } from './dice.ts';
import { Drive } from './drive.ts';
import { FLEET, gaitOf } from './fleet.ts';
import { Navigator, beatOf } from './navigator.ts';

const START: GeoPoint = { latitudeDeg: -17.65, longitudeDeg: -71.33 };
const CAR = gaitOf('MOV');
const roads = RoadGraph.of(roadLines());

/** Every second of a way until it is there. */
function driven(drive: Drive, mostS = 3_600) {
  const poses = [drive.pose];
  for (let s = 0; s < mostS && !drive.isThere; s++) {
    drive.step(1);
    poses.push(drive.pose);
  }
  return poses;
}

const plane = new LocalPlane(START);
const streets = roads.nodes.flatMap(({ id, point, edges }) =>
  edges
    .filter(({ to }) => to > id)
    .map(({ to }) => [plane.toPlane(point), plane.toPlane(roads.nodes[to]!.point)] as const),
);

function awayFromRoadsM(point: GeoPoint): number {
  const { xM, yM } = plane.toPlane(point);
  const distances = streets.map(([a, b]) => {
    const [dx, dy] = [b.xM - a.xM, b.yM - a.yM];
    const along = Math.max(0, Math.min(1, ((xM - a.xM) * dx + (yM - a.yM) * dy) / (dx * dx + dy * dy)));
    return Math.hypot(xM - a.xM - along * dx, yM - a.yM - along * dy);
  });
  return Math.min(...distances);
}

describe('Drive', () => {
  it('gains speed, keeps to the limit and stops at the end, where it stays', () => {
    const drive = new Drive(START, CAR);
    const end = destination(START, 90, 400);
    drive.follow([{ to: end, limitKmh: 40 }], 1);
    const speeds = driven(drive).map(({ speedKmh }) => speedKmh);
    expect(Math.max(...speeds)).toBeGreaterThan(39);
    expect(Math.max(...speeds)).toBeLessThanOrEqual(40.001);
    const gains = speeds.slice(1, -1).map((speed, index) => (speed - speeds[index]!) / 3.6);
    expect(Math.max(...gains)).toBeLessThanOrEqual(CAR.gainMs2 + 1e-9);
    expect(distanceM(drive.pose.point, end)).toBeLessThan(3);
    expect(drive.odometerM).toBeGreaterThan(395);
    drive.step(10);
    expect(drive.pose.speedKmh).toBe(0);
  });

  it('slows before a right angle and looks where it goes', () => {
    const drive = new Drive(START, CAR);
    const corner = destination(START, 0, 300);
    drive.follow(
      [
        { to: corner, limitKmh: 50 },
        { to: destination(corner, 90, 300), limitKmh: 50 },
      ],
      1,
    );
    const poses = driven(drive);
    const turn = poses.findIndex(({ bearingDeg }) => turnDeg(bearingDeg, 90) < 5);
    expect(poses[turn - 1]!.speedKmh).toBeLessThan(CAR.cornerKmh + 12);
    expect(Math.max(...poses.slice(0, turn).map(({ speedKmh }) => speedKmh))).toBeGreaterThan(45);
    expect(turnDeg(poses[3]!.bearingDeg, 0)).toBeLessThan(1);
  });

  it('walks at a walk', () => {
    const drive = new Drive(START, gaitOf('PIE'));
    drive.follow([{ to: destination(START, 45, 100), limitKmh: 45 }], 1.35);
    expect(Math.max(...driven(drive).map(({ speedKmh }) => speedKmh))).toBeLessThanOrEqual(4.801);
  });
});

describe('Navigator', () => {
  it('stays on the roads of the map, turns round in mid-street, and stops at the door', () => {
    const dice = new Dice('ways');
    const drive = new Drive(dice.pick(roads.nodes).point, CAR);
    const navigator = new Navigator(roads, drive);
    for (let trip = 0; trip < 8; trip++) {
      const door = destination(dice.pick(roads.nodes).point, dice.between(0, 360), 40);
      navigator.goTo(door, 1.2);
      const cut = dice.chance(0.5);
      const poses = driven(drive, cut ? dice.whole(5, 90) : 3_600);
      // The way to the last door and from it is off the road, no farther than the door was.
      for (const [second, { point }] of poses.entries())
        if (second % 5 === 0) expect(awayFromRoadsM(point)).toBeLessThan(45);
      if (!cut) expect(distanceM(drive.pose.point, door)).toBeLessThan(3);
    }
  });

  it('gives every unit of the fleet a beat in its quarter', () => {
    for (const { callSign, quarter, kind } of FLEET) {
      const beat = beatOf(roads, quarter, kind === 'PIE', new Dice(callSign));
      expect(beat.length).toBeGreaterThan(8);
      for (const node of beat) expect(node.quarter).toBe(quarter);
    }
    expect(new Set(FLEET.map(({ callSign }) => callSign)).size).toBe(FLEET.length);
  });
});
