import { randomUUID } from 'node:crypto';
import { destination } from '#libs/geo';

/** Plaza de Armas of Ilo. */
const PLAZA = { latitudeDeg: -17.6459, longitudeDeg: -71.3453 };
/** Incidents that people still touch: few, so that they meet over them; those before have been left behind. */
const MAX_INCIDENTS = 14;
/** One move in so many opens an incident once there are enough. */
const OPEN_ONE_IN = 12;
/** One move in so many on a unit takes any, under way or not: what is refused belongs to the game. */
const ANY_UNIT_ONE_IN = 5;
const TYPES = ['PAT-01', 'ORD-01', 'ORD-03', 'VIF-01'];
const PHASES = ['acknowledgeAssignment', 'enRoute', 'arrive', 'reachStation'];

/** One command as a page sends it, without its envelope. */
export interface Move {
  readonly path: string;
  readonly wish: Readonly<Record<string, unknown>>;
}

interface Pair {
  readonly incidentId: string;
  readonly unitId: string;
}

/**
 * Operators who act at random on the same few incidents and units. Every move is well-formed; whether it may be done is the
 * centre's to say. The same chance gives the same game but for its ids.
 */
export class DeskGame {
  private readonly incidentIds: string[] = [];
  /** Who was sent where, as far as those who play have heard. */
  private underWay: readonly Pair[] = [];

  constructor(
    private readonly unitIds: readonly string[],
    private readonly random: () => number,
    private readonly nowMs: () => number,
  ) {}

  next(): Move {
    const count = this.incidentIds.length;
    if (count === 0 || this.oneIn(count < MAX_INCIDENTS ? 4 : OPEN_ONE_IN)) return this.open();
    return this.pick(this.moves)();
  }

  /** What the centre did: who is under way now. */
  done({ path, wish }: Move): void {
    const { kind, unitId } = wish;
    if (typeof unitId !== 'string') return;
    if (kind === 'assign') this.underWay = [...this.others(unitId), { incidentId: path.split('/')[3]!, unitId }];
    if (kind === 'clear' || kind === 'withdraw' || kind === 'decline') this.underWay = this.others(unitId);
  }

  private others(unitId: string): Pair[] {
    return this.underWay.filter((pair) => pair.unitId !== unitId);
  }

  private readonly moves: readonly (() => Move)[] = [
    () => this.assign(),
    () => this.assign(),
    () => this.assign(),
    () => this.ofUnit((unitId) => ({ kind: this.pick(PHASES), unitId })),
    () => this.ofUnit((unitId) => ({ kind: this.pick(PHASES), unitId })),
    () => this.ofUnit((unitId) => ({ kind: this.pick(PHASES), unitId })),
    () =>
      this.ofUnit((unitId) => ({
        kind: this.pick(['clear', 'withdraw', 'decline']),
        unitId,
        reason: 'Otro',
        note: '',
      })),
    () =>
      this.ofUnit((unitId) => ({
        kind: 'correctStatus',
        unitId,
        phase: this.pick(['assigned', 'en-route']),
        reason: 'Se equivocó',
      })),
    () => this.dispatch({ kind: 'merge', survivorId: this.incident(), moveUnits: true }),
    () => this.dispatch({ kind: this.pick(['link', 'unlink']), otherId: this.incident(), relation: 'related' }),
    () => this.dispatch({ kind: this.pick(['control', 'close']), disposition: 'attended' }),
    () => this.dispatch({ kind: this.pick(['dismiss', 'reopen']), cause: 'test', reason: 'Sigue' }),
    () => this.dispatch({ kind: 'refer', referralId: randomUUID(), agency: 'PNP', note: '' }),
    () => this.dispatch({ kind: 'requestBackup', note: 'Son varios' }),
    () => this.intake({ kind: 'classify', typeCode: this.pick(TYPES) }),
    () => this.intake({ kind: 'setPriority', priority: this.pick(['P1', 'P2', 'P3']), reason: 'Hay heridos' }),
    () => this.intake({ kind: 'addNarrative', narrativeId: randomUUID(), text: 'Algo más' }),
    () => this.intake({ kind: 'addCall', call: this.call() }),
    () => this.intake({ kind: 'mask', reason: 'Un menor' }),
    () =>
      this.duty({
        kind: this.pick(['checkIn', 'raiseSos', 'acknowledgeSos', 'resolveSos']),
        point: null,
        outcome: 'Bien',
      }),
    () => this.duty({ kind: 'setUnitStatus', status: this.pick(['patrolling', 'meal', 'available']), reason: '' }),
    () => this.duty({ kind: this.pick(['startDuty', 'endDuty']), shiftId: null, crew: [], startKm: null, endKm: null }),
  ];

  private open(): Move {
    const incidentId = randomUUID();
    this.incidentIds.push(incidentId);
    if (this.incidentIds.length > MAX_INCIDENTS) this.incidentIds.shift();
    const point = destination(PLAZA, this.pick([0, 90, 180, 270]), this.pick([100, 900, 2_000]));
    const place = { point, sectorId: null, address: '', reference: '' };
    const typeCode = this.pick([...TYPES, undefined]);
    return { path: '/api/incidents', wish: { incidentId, channel: 'TEL_LOCAL', typeCode, call: this.call(), place } };
  }

  private call() {
    return { id: randomUUID(), channel: 'TEL_LOCAL', receivedAtMs: this.nowMs(), callerPhone: '953123456' };
  }

  private assign(): Move {
    const overrideReason = this.pick([undefined, 'Urgente']);
    const preempt = this.oneIn(2);
    return this.dispatch({
      kind: 'assign',
      unitId: this.pick(this.unitIds),
      assignmentId: randomUUID(),
      preempt,
      overrideReason,
    });
  }

  /** Mostly of a unit where it was sent: pairs diced freely seldom meet. */
  private ofUnit(wish: (unitId: string) => Move['wish']): Move {
    const any = { incidentId: this.incident(), unitId: this.pick(this.unitIds) };
    const pair = this.underWay.length === 0 || this.oneIn(ANY_UNIT_ONE_IN) ? any : this.pick(this.underWay);
    return { path: `/api/incidents/${pair.incidentId}/dispatch`, wish: wish(pair.unitId) };
  }

  private dispatch(wish: Move['wish']): Move {
    return { path: `/api/incidents/${this.incident()}/dispatch`, wish };
  }

  private intake(wish: Move['wish']): Move {
    return { path: `/api/incidents/${this.incident()}/intake`, wish };
  }

  private duty(wish: Move['wish']): Move {
    return { path: `/api/units/${this.pick(this.unitIds)}/duty`, wish };
  }

  private incident(): string {
    return this.pick(this.incidentIds);
  }

  private oneIn(count: number): boolean {
    return this.random() * count < 1;
  }

  private pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.random() * list.length)]!;
  }
}
