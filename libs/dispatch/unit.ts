import type { GeoPoint } from '#libs/geo';
import type { AssignmentPhase } from './assignment.ts';
import type { Stray } from './stray.ts';
import type { Priority, Skill, UnitKind } from './vocabulary.ts';

export const UNIT_CAPS = { callSign: 24, plate: 10, crew: 12, equipment: 30, equipmentName: 60, name: 120 } as const;

/** What a unit that attends nothing may be (domain.md 2.4). */
export const FREE_STATUSES = [
  'available',
  'patrolling',
  'fixed-post',
  'meal',
  'refuelling',
  'maintenance',
  'out-of-service',
] as const;
export type FreeStatus = (typeof FREE_STATUSES)[number];

/**
 * Every word for what a unit does: Disponible, Patrullando, Punto fijo, Refrigerio, Abasteciendo, Mantenimiento, Fuera de
 * servicio, Asignado, En camino, En el lugar, En traslado, En comisaría. "Sin señal" is the age of its fix and
 * "Emergencia" its SOS: both may stand beside any of these.
 */
export const UNIT_STATUSES = [
  ...FREE_STATUSES,
  'assigned',
  'en-route',
  'on-scene',
  'transporting',
  'at-station',
] as const;
export type UnitStatus = (typeof UNIT_STATUSES)[number];

/** May be sent without a word of excuse. A unit at its meal or at a pump is asked for by name, with a reason. */
export const READY_STATUSES: readonly FreeStatus[] = ['available', 'patrolling', 'fixed-post'];
/** May be called away, with a reason. */
export const CALLABLE_STATUSES: readonly FreeStatus[] = ['meal', 'refuelling'];

export interface CrewMember {
  readonly staffId: string;
  readonly name: string;
  readonly post: 'leader' | 'driver' | 'sereno' | 'police-officer' | 'paramedic' | 'drone-pilot' | 'dog-handler';
  readonly skills: readonly Skill[];
}

export interface Vehicle {
  readonly plate: string;
  readonly model: string;
}

/** What a unit does, and what ends it. */
export type UnitState =
  /** Ended by an assignment, or another status. */
  | { readonly kind: 'free'; readonly status: FreeStatus; readonly sinceMs: number }
  /** Ended when the assignment ends; then it is `available`. */
  | {
      readonly kind: 'assigned';
      readonly incidentId: string;
      readonly assignmentId: string;
      readonly priority: Priority;
      readonly phase: AssignmentPhase;
      readonly sinceMs: number;
    };

/** A crew that signed on (inicio de servicio). */
export interface Duty {
  readonly shiftId: string | null;
  readonly sinceMs: number;
  readonly crew: readonly CrewMember[];
  readonly startKm: number | null;
  /** Assignments of this duty and the time spent on them: its workload. */
  readonly assignments: number;
  readonly busyMs: number;
}

/** A cry for help (botón de auxilio), until somebody says that it is over. */
export type Sos =
  | { readonly kind: 'raised'; readonly atMs: number; readonly by: string; readonly point: GeoPoint | null }
  | {
      readonly kind: 'acknowledged';
      readonly atMs: number;
      readonly by: string;
      readonly point: GeoPoint | null;
      readonly acknowledgedAtMs: number;
      readonly acknowledgedBy: string;
    };

/** What a unit is, apart from what it does. */
export interface UnitProfile {
  readonly callSign: string;
  readonly kind: UnitKind;
  readonly vehicle: Vehicle | null;
  readonly equipment: readonly string[];
  /** Patrol sector it belongs to. */
  readonly sectorId: string | null;
  /** Instead of the rules' check-in time. */
  readonly checkInEveryMs: number | null;
}

/** A crew and its vehicle (unidad). */
export interface Unit extends UnitProfile {
  readonly id: string;
  readonly state: UnitState;
  readonly duty: Duty | null;
  /** Last sign of life: its own button, status or check-in. A position is none: a phone can lie in a ditch. */
  readonly heardAtMs: number;
  /** When the last assignment ended. */
  readonly clearedAtMs: number | null;
  readonly sos: Sos | null;
  /** Where it has no business now. A unit that was never astray has no such member. */
  readonly strays?: readonly Stray[];
  readonly retiredAtMs: number | null;
  readonly updatedAtMs: number;
}

export function unitStatusOf({ state }: Unit): UnitStatus {
  if (state.kind === 'free') return state.status;
  return state.phase === 'acknowledged' ? 'assigned' : state.phase;
}

export function skillsOf(unit: Unit): ReadonlySet<Skill> {
  return new Set(unit.duty?.crew.flatMap(({ skills }) => skills) ?? []);
}
