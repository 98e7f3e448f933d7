import type { GeoPoint } from '#libs/geo';
import type { AssignmentPhase, Priority } from '#libs/dispatch';
import type { Dice } from './dice.ts';
import type { Drive } from './drive.ts';
import type { Navigator } from './navigator.ts';
import type { Patrol } from './patrol.ts';

/** What the centre wants of a unit, as it stands on the board. */
export interface Order {
  readonly incidentId: string;
  readonly phase: AssignmentPhase;
  readonly priority: Priority;
  /** `null`: an address in words, which the crew looks for. */
  readonly point: GeoPoint | null;
}

/** What a crew says of itself. */
export type CrewAct =
  | { readonly kind: 'acknowledgeAssignment' | 'enRoute' | 'arrive' | 'reachStation'; readonly incidentId: string }
  | { readonly kind: 'transport'; readonly incidentId: string; readonly destination: string }
  | { readonly kind: 'clear'; readonly incidentId: string; readonly note: string }
  | { readonly kind: 'setUnitStatus'; readonly status: 'patrolling' }
  | { readonly kind: 'checkIn' };

/** How crews behave: shares, and from-to in milliseconds. */
export interface CrewManners {
  /** Of assignments so many are never answered. */
  readonly deafShare: number;
  readonly acknowledgeMs: readonly [number, number];
  readonly setOutMs: readonly [number, number];
  readonly workMs: Readonly<Record<Priority, readonly [number, number]>>;
  /** Of grave incidents so many end with somebody brought to the station or the hospital. */
  readonly transportShare: number;
  /** After a start the crews are heard of one after the other, within so long. */
  readonly firstWordMs: number;
}

const MINUTE_MS = 60_000;
export const DEMO_MANNERS: CrewManners = {
  deafShare: 0.08,
  acknowledgeMs: [4_000, 15_000],
  setOutMs: [2_000, 8_000],
  workMs: {
    P1: [3 * MINUTE_MS, 8 * MINUTE_MS],
    P2: [2 * MINUTE_MS, 6 * MINUTE_MS],
    P3: [1.5 * MINUTE_MS, 5 * MINUTE_MS],
    P4: [1.5 * MINUTE_MS, 4 * MINUTE_MS],
  },
  transportShare: 0.15,
  firstWordMs: 20_000,
};

/** Said again when the centre does not show it after so long. */
const SAY_AGAIN_MS = 20_000;
/** A crew that does not find a place on the map asks its way for so long. */
const SEARCH_MS = [90_000, 240_000] as const;
const HAND_OVER_MS = [90_000, 240_000] as const;
/** A sign of life before it is asked for: within 10 minutes at a P1, within 60 on patrol. */
const BUSY_CHECK_IN_MS = [5 * MINUTE_MS, 8 * MINUTE_MS] as const;
const IDLE_CHECK_IN_MS = [35 * MINUTE_MS, 52 * MINUTE_MS] as const;
/** After an incident the crew is available for a while, then says that it patrols again. */
const BREATHER_MS = [15_000, 60_000] as const;
const HASTE: Readonly<Record<Priority, number>> = { P1: 1.35, P2: 1.25, P3: 1.05, P4: 0.95 };

const STATION: Destination = {
  name: 'Comisaría Pampa Inalámbrica',
  point: { latitudeDeg: -17.6495, longitudeDeg: -71.3285 },
};
/** Where people are brought (domain.md 3, level D: put into the right area). */
const DESTINATIONS: readonly Destination[] = [
  STATION,
  { name: 'Comisaría Ilo', point: { latitudeDeg: -17.6452, longitudeDeg: -71.3435 } },
  { name: 'Hospital de Ilo', point: { latitudeDeg: -17.648, longitudeDeg: -71.327 } },
];
interface Destination {
  readonly name: string;
  readonly point: GeoPoint;
}

const NOTES = [
  'Se brindó apoyo y se orientó a los presentes.',
  'Situación controlada al llegar.',
  'Las personas se retiraron al notar la presencia de la unidad.',
  'Se conversó con las partes; queda tranquilo el lugar.',
  'Se verificó el lugar y sus alrededores, sin más novedad.',
  'Se apoyó hasta la llegada de la PNP.',
];

/** An incident that the crew attends, in a phase, and when it acts next. */
interface Task {
  readonly incidentId: string;
  readonly phase: AssignmentPhase;
  dueMs: number;
  readonly destination: Destination | null;
}

/**
 * One crew. The board is the truth: the crew acts by the phase in which the centre shows it, so that a dispatcher who
 * moves the unit on by radio, a restart of either side and a word that was lost all come right by themselves.
 */
export class Crew {
  private task: Task | null = null;
  private freeSinceMs: number | null;
  private checkInAtMs: number;

  constructor(
    private readonly drive: Drive,
    private readonly navigator: Navigator,
    private readonly patrol: Patrol,
    private readonly dice: Dice,
    private readonly manners: CrewManners,
    nowMs: number,
  ) {
    this.checkInAtMs = nowMs + dice.between(0, manners.firstWordMs);
    this.freeSinceMs = nowMs + dice.between(0, manners.firstWordMs);
  }

  get isBusy(): boolean {
    return this.task !== null;
  }

  /** A word did not get through: it is said again in so long, if it still means something. */
  wasNotHeard(act: CrewAct, nowMs: number, inMs: number): void {
    if (act.kind === 'checkIn') this.checkInAtMs = nowMs + inMs;
    else if (act.kind === 'setUnitStatus') this.freeSinceMs = nowMs + inMs;
    else if (this.task?.incidentId === act.incidentId) this.task.dueMs = nowMs + inMs;
  }

  /** Moves on by so many seconds and answers what the crew says. `order`: what the board wants of it, or nothing. */
  step(nowMs: number, seconds: number, order: Order | null): readonly CrewAct[] {
    const acts = order === null ? this.stepFree(nowMs) : this.attend(nowMs, order);
    this.drive.step(seconds);
    if (acts.length > 0) this.checkInAtMs = this.nextCheckInMs(nowMs);
    if (nowMs < this.checkInAtMs) return acts;
    this.checkInAtMs = this.nextCheckInMs(nowMs);
    return [{ kind: 'checkIn' }];
  }

  private nextCheckInMs(nowMs: number): number {
    return nowMs + this.dice.between(...(this.isBusy ? BUSY_CHECK_IN_MS : IDLE_CHECK_IN_MS));
  }

  private stepFree(nowMs: number): readonly CrewAct[] {
    if (this.task !== null) {
      this.task = null;
      this.drive.halt();
      this.freeSinceMs = nowMs + this.dice.between(...BREATHER_MS);
    }
    this.patrol.step(nowMs);
    if (this.freeSinceMs === null || nowMs < this.freeSinceMs) return [];
    this.freeSinceMs = null;
    return [{ kind: 'setUnitStatus', status: 'patrolling' }];
  }

  private attend(nowMs: number, order: Order): readonly CrewAct[] {
    const before = this.task;
    if (before?.incidentId !== order.incidentId || before.phase !== order.phase) this.take(nowMs, order, before);
    const task = this.task!;
    // Who did not hear goes on as if nobody had called.
    if (task.phase === 'assigned') this.patrol.step(nowMs);
    const travels = task.phase === 'en-route' || task.phase === 'transporting';
    if (nowMs < task.dueMs || (travels && !this.drive.isThere)) return [];
    task.dueMs = nowMs + SAY_AGAIN_MS;
    return [this.next(task)];
  }

  /** The board shows another phase: the crew begins it. */
  private take(nowMs: number, order: Order, before: Task | null): void {
    const { incidentId, phase } = order;
    if (before === null) this.checkInAtMs = Math.min(this.checkInAtMs, nowMs + this.dice.between(...BUSY_CHECK_IN_MS));
    const destination = this.destinationIn(order, before);
    this.task = { incidentId, phase, destination, dueMs: nowMs + this.waitMs(order) };
    if (phase === 'acknowledged') this.drive.halt();
    if (phase === 'en-route' && order.point) this.navigator.goTo(order.point, HASTE[order.priority]);
    if (phase === 'transporting') this.navigator.goTo(destination!.point, HASTE.P3);
    if (phase === 'on-scene' || phase === 'at-station') this.drive.halt();
  }

  /** Decided on the scene, and kept on the way; who forgot it goes to the station. */
  private destinationIn({ phase, priority }: Order, before: Task | null): Destination | null {
    if (phase === 'transporting') return before?.destination ?? STATION;
    const grave = priority === 'P1' || priority === 'P2';
    if (phase !== 'on-scene' || !grave || !this.dice.chance(this.manners.transportShare)) return null;
    return this.dice.pick(DESTINATIONS);
  }

  private waitMs({ phase, priority, point }: Order): number {
    const { dice, manners } = this;
    switch (phase) {
      case 'assigned':
        return dice.chance(manners.deafShare) ? Infinity : dice.between(...manners.acknowledgeMs);
      case 'acknowledged':
        return dice.between(...manners.setOutMs);
      case 'en-route':
        return point === null ? dice.between(...SEARCH_MS) : 0;
      case 'on-scene':
        return dice.between(...manners.workMs[priority]);
      case 'transporting':
        return 0;
      case 'at-station':
        return dice.between(...HAND_OVER_MS);
    }
  }

  private next({ incidentId, phase, destination }: Task): CrewAct {
    switch (phase) {
      case 'assigned':
        return { kind: 'acknowledgeAssignment', incidentId };
      case 'acknowledged':
        return { kind: 'enRoute', incidentId };
      case 'en-route':
        return { kind: 'arrive', incidentId };
      case 'on-scene':
        return destination === null
          ? { kind: 'clear', incidentId, note: this.dice.pick(NOTES) }
          : { kind: 'transport', incidentId, destination: destination.name };
      case 'transporting':
        return { kind: 'reachStation', incidentId };
      case 'at-station':
        return { kind: 'clear', incidentId, note: 'Entrega realizada, se firma el cargo.' };
    }
  }
}
