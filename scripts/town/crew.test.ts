import { describe, expect, it } from '@jest/globals';
import type { AssignmentPhase } from '#libs/dispatch';
import { distanceM } from '#libs/geo';
import { RoadGraph, roadLines } from '#libs/scheme';
import { Crew, DEMO_MANNERS, type CrewAct, type CrewManners, type Order } from './crew.ts';
import { Dice } from './dice.ts';
import { Drive } from './drive.ts';
import { gaitOf } from './fleet.ts';
import { Navigator, beatOf } from './navigator.ts';
import { Patrol } from './patrol.ts';

const roads = RoadGraph.of(roadLines());
const START_MS = 1_790_000_000_000;
const PLACE = { latitudeDeg: -17.6507, longitudeDeg: -71.3294 };

const AFTER: Readonly<Partial<Record<CrewAct['kind'], AssignmentPhase>>> = {
  acknowledgeAssignment: 'acknowledged',
  enRoute: 'en-route',
  arrive: 'on-scene',
  transport: 'transporting',
  reachStation: 'at-station',
};

/** A crew, its clock, and a board that believes it. */
class Scene {
  readonly drive: Drive;
  readonly crew: Crew;
  readonly said: { readonly kind: CrewAct['kind']; readonly afterS: number }[] = [];
  order: Order | null = null;
  private second = 0;

  constructor(seed: string, manners: Partial<CrewManners> = {}) {
    const dice = new Dice(seed);
    const beat = beatOf(roads, 'Pampa Inalámbrica norte', false, dice);
    this.drive = new Drive(dice.pick(beat).point, gaitOf('MOV'));
    const navigator = new Navigator(roads, this.drive);
    const patrol = new Patrol(this.drive, navigator, beat, dice.fork('patrol'));
    const all = { ...DEMO_MANNERS, deafShare: 0, transportShare: 0, ...manners };
    this.crew = new Crew(this.drive, navigator, patrol, dice.fork('crew'), all, START_MS);
  }

  send(phase: AssignmentPhase = 'assigned', point: Order['point'] = PLACE): void {
    this.order = { incidentId: 'i', phase, priority: 'P1', point };
  }

  pass(seconds: number, obeys = true): CrewAct[] {
    const acts: CrewAct[] = [];
    for (let s = 0; s < seconds; s++) {
      this.second++;
      for (const act of this.crew.step(START_MS + this.second * 1_000, 1, this.order)) {
        acts.push(act);
        this.said.push({ kind: act.kind, afterS: this.second });
        const phase = AFTER[act.kind];
        if (obeys && this.order && phase) this.order = { ...this.order, phase };
        if (obeys && act.kind === 'clear') this.order = null;
      }
    }
    return acts;
  }

  kinds(): string[] {
    return this.said.map(({ kind }) => kind).filter((kind) => kind !== 'checkIn' && kind !== 'setUnitStatus');
  }
}

describe('Crew', () => {
  it('acknowledges, sets out, drives there, works and is free again', () => {
    const scene = new Scene('whole');
    scene.pass(120);
    scene.send();
    scene.pass(40);
    expect(scene.kinds()).toEqual(['acknowledgeAssignment', 'enRoute']);
    scene.pass(900);
    expect(scene.kinds()).toEqual(['acknowledgeAssignment', 'enRoute', 'arrive', 'clear']);
    const at = (kind: string): number => scene.said.find((one) => one.kind === kind)!.afterS;
    expect(at('acknowledgeAssignment') - 120).toBeGreaterThanOrEqual(4);
    expect(at('acknowledgeAssignment') - 120).toBeLessThanOrEqual(16);
    expect(at('clear') - at('arrive')).toBeGreaterThanOrEqual(180);
    // Free again, it says so and goes on.
    expect(scene.said.at(-1)!.kind).toBe('setUnitStatus');
    expect(scene.crew.isBusy).toBe(false);
  });

  it('is at the place when it says that it is', () => {
    const scene = new Scene('there');
    scene.send('en-route');
    while (!scene.kinds().includes('arrive')) scene.pass(1);
    expect(distanceM(scene.drive.pose.point, PLACE)).toBeLessThan(5);
  });

  it('brings somebody to the station and hands over, where that is how it ends', () => {
    const scene = new Scene('transport', { transportShare: 1 });
    scene.send('on-scene');
    scene.pass(1_800);
    expect(scene.kinds()).toEqual(['transport', 'reachStation', 'clear']);
  });

  it('leaves some assignments unanswered, and goes on patrolling', () => {
    const scene = new Scene('deaf', { deafShare: 1 });
    scene.send();
    const before = scene.drive.odometerM;
    scene.pass(600);
    expect(scene.kinds()).toEqual([]);
    expect(scene.drive.odometerM).toBeGreaterThan(before + 100);
  });

  it('says again what the board does not show', () => {
    const scene = new Scene('again');
    scene.send();
    const acts = scene.pass(70, false).filter(({ kind }) => kind === 'acknowledgeAssignment');
    expect(acts.length).toBeGreaterThanOrEqual(3);
    expect(acts.length).toBeLessThanOrEqual(4);
  });

  it('follows a dispatcher who moves it on by radio, or takes it off', () => {
    const scene = new Scene('radio');
    scene.send('on-scene');
    scene.pass(30);
    scene.order = { ...scene.order!, phase: 'at-station' };
    scene.pass(300);
    expect(scene.kinds()).toEqual(['clear']);
    scene.send('en-route');
    scene.pass(20);
    scene.order = null;
    scene.pass(60);
    expect(scene.crew.isBusy).toBe(false);
    expect(scene.kinds()).toEqual(['clear']);
  });

  it('looks for a place that is words alone for a while', () => {
    const scene = new Scene('words');
    scene.send('en-route', null);
    scene.pass(80);
    expect(scene.kinds()).toEqual([]);
    scene.pass(180);
    expect(scene.kinds()).toEqual(['arrive']);
  });

  it('gives a sign of life before it is asked for, soon after a start, and again when a word was lost', () => {
    const scene = new Scene('life');
    scene.pass(12 * 3_600);
    const heard = scene.said.map(({ afterS }) => afterS);
    expect(heard[0]).toBeLessThanOrEqual(21);
    const gaps = heard.slice(1).map((afterS, index) => afterS - heard[index]!);
    expect(Math.max(...gaps)).toBeLessThan(55 * 60);
    const nowMs = START_MS + 12 * 3_600_000;
    scene.crew.wasNotHeard({ kind: 'checkIn' }, nowMs, 1_500);
    scene.crew.wasNotHeard({ kind: 'setUnitStatus', status: 'patrolling' }, nowMs, 1_500);
    expect(scene.pass(5).map(({ kind }) => kind)).toContain('setUnitStatus');
    scene.crew.wasNotHeard({ kind: 'checkIn' }, nowMs, 8_000);
    expect(scene.pass(5).map(({ kind }) => kind)).toEqual(['checkIn']);
  });

  it('gives signs of life more often at an incident', () => {
    const scene = new Scene('busy', { deafShare: 1 });
    scene.send();
    scene.pass(3_600);
    const heard = scene.said.filter(({ kind }) => kind === 'checkIn').map(({ afterS }) => afterS);
    for (const [index, afterS] of heard.slice(1).entries()) expect(afterS - heard[index]!).toBeLessThan(10 * 60);
  });

  it('does the same again for the same seed', () => {
    const run = (): unknown => {
      const scene = new Scene('same');
      scene.pass(300);
      scene.send();
      scene.pass(600);
      return [scene.said, scene.drive.pose];
    };
    expect(run()).toEqual(run());
  });
});
