import type { Refusal } from '#libs/base';
import {
  DEFAULT_DISPATCH_RULES,
  MemoryBoard,
  seedTypes,
  catalogueOf,
  decide,
  evolve,
  type DecisionContext,
  type DispatchCommand,
  type DispatchEvent,
  type Incident,
  type Unit,
} from '#libs/dispatch';

const START_MS = Date.UTC(2026, 10, 20, 15);
const CATALOGUE = catalogueOf(seedTypes());
/** Plaza de Armas and points around it. */
export const PLAZA = { latitudeDeg: -17.6459, longitudeDeg: -71.3453 };
export const placeAt = (latitudeDeg: number, longitudeDeg: number) => ({
  point: { latitudeDeg, longitudeDeg },
  sectorId: null,
  address: '',
  reference: '',
});
export const AT_PLAZA = placeAt(PLAZA.latitudeDeg, PLAZA.longitudeDeg);

/** Whoever changes what was decided or folded is caught at once. */
function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(frozen);
  }
  return value;
}

/** A centre of one person for tests: commands in, state and log out, time by hand. */
export class Desk {
  nowMs = START_MS;
  by = 'ana';
  roll: DecisionContext['roll'] = null;
  readonly board = new MemoryBoard();
  readonly log: DispatchEvent[] = [];
  private made = 0;

  context(): DecisionContext {
    return {
      nowMs: this.nowMs,
      by: this.by,
      catalogue: CATALOGUE,
      roll: this.roll,
      rules: DEFAULT_DISPATCH_RULES,
      crewElsewhere: (staffId, exceptUnitId) =>
        [...this.board.units.values()].some(
          ({ id, duty }) => id !== exceptUnitId && duty?.crew.some((one) => one.staffId === staffId),
        ),
    };
  }

  /** Does it, or answers why not. */
  try(command: DispatchCommand): Refusal | null {
    const decided = decide(this.board, command, this.context());
    if (!decided.ok) return decided.refusal;
    for (const event of decided.value) {
      this.log.push(event);
      this.board.take(frozen(evolve(this.board, frozen(event))));
    }
    return null;
  }

  do(command: DispatchCommand): void {
    const refusal = this.try(command);
    if (refusal) throw new Error(`${command.kind}: ${refusal.code}`);
  }

  /** The code of a refusal, `null` when it was done. */
  code(command: DispatchCommand): string | null {
    return this.try(command)?.code ?? null;
  }

  after(ms: number): this {
    this.nowMs += ms;
    return this;
  }

  open(typeCode: string | undefined = 'ORD-01', place = AT_PLAZA): string {
    const incidentId = `i${++this.made}`;
    const code = `2026-${String(this.made).padStart(6, '0')}`;
    this.do({ kind: 'openIncident', incidentId, code, channel: 'TEL_LOCAL', typeCode, place });
    return incidentId;
  }

  /** A unit on duty. */
  unit(kind: Unit['kind'] = 'MOV', name = `u${++this.made}`): string {
    const profile = { callSign: name, kind, vehicle: null, equipment: [], sectorId: null, checkInEveryMs: null };
    this.do({ kind: 'registerUnit', unitId: name, profile });
    const crew = [{ staffId: `s-${name}`, name: 'Sereno', post: 'driver', skills: [] }] as const;
    this.do({ kind: 'startDuty', unitId: name, shiftId: null, crew, startKm: 100 });
    return name;
  }

  assign(incidentId: string, unitId: string): string {
    const assignmentId = `a${++this.made}`;
    this.do({ kind: 'assign', incidentId, unitId, assignmentId });
    return assignmentId;
  }

  incident(id: string): Incident {
    return this.board.incident(id)!;
  }

  unitOf(id: string): Unit {
    return this.board.unit(id)!;
  }
}
