import { ok, type Result } from '#libs/base';
import { no } from './refusals.ts';
import type { Shift } from './shift-calendar.ts';

/** The five sections of a relevo, in the order in which they are written (domain.md 2.3). */
export const HANDOVER_SECTIONS = ['occurrences', 'cameraStaff', 'fieldStaff', 'patrolReport', 'highlights'] as const;
export type HandoverSection = (typeof HANDOVER_SECTIONS)[number];

export const HANDOVER_CAPS = { rows: 200, text: 2_000, name: 120, cameras: 200 } as const;

/** (1) Ocurrencias del relevo: broken cameras, open cases. */
export interface OccurrenceRow {
  readonly cameraId: string | null;
  readonly incidentId: string | null;
  readonly text: string;
}
/** (2) Which camera operator watches which cameras. */
export interface CameraStaffRow {
  readonly staffId: string;
  readonly name: string;
  readonly cameraIds: readonly string[];
}
/** (3) Tipo de patrullaje, unidad, placa, chofer, operador, zona, celular. */
export interface FieldStaffRow {
  readonly patrol: 'municipal' | 'integrated' | 'foot' | 'tactical-point';
  readonly unitId: string;
  readonly plate: string;
  readonly driver: string;
  readonly operator: string;
  readonly sectorId: string | null;
  readonly phone: string;
}
/** (4) Km salida and llegada, novedades. */
export interface PatrolReportRow {
  readonly unitId: string;
  readonly startKm: number | null;
  readonly endKm: number | null;
  readonly news: string;
}
/** (5) Visualizaciones resaltantes. */
export interface HighlightRow {
  readonly atMs: number;
  readonly cameraId: string | null;
  readonly incidentId: string | null;
  readonly text: string;
}

/** What the sections hold. */
export interface HandoverContent {
  readonly occurrences: readonly OccurrenceRow[];
  readonly cameraStaff: readonly CameraStaffRow[];
  readonly fieldStaff: readonly FieldStaffRow[];
  readonly patrolReport: readonly PatrolReportRow[];
  readonly highlights: readonly HighlightRow[];
}

/** Where a handover is, and what ends each. */
export type HandoverState =
  /** Ended by `lockHandover`, at the end of the shift at the latest. */
  | { readonly kind: 'draft' }
  /** Ended by `countersignHandover`, or by `unlockHandover` with a reason. */
  | { readonly kind: 'locked'; readonly atMs: number; readonly by: string }
  /** Final. */
  | {
      readonly kind: 'countersigned';
      readonly lockedAtMs: number;
      readonly lockedBy: string;
      readonly atMs: number;
      readonly by: string;
    };

/** The book of one shift (cuaderno): who keeps it, and what the next shift has to know. */
export interface Handover {
  readonly shift: Shift;
  /** Responsable del cuaderno, supervisor de campo, supervisores de cámaras. */
  readonly keeper: string;
  readonly fieldSupervisor: string;
  readonly cameraSupervisors: readonly string[];
  readonly content: HandoverContent;
  /** Counts the savings of each section: two people who write in one do not overwrite each other. */
  readonly revisions: Readonly<Record<HandoverSection, number>>;
  readonly unlocks: readonly { readonly atMs: number; readonly by: string; readonly reason: string }[];
  readonly state: HandoverState;
}

export function startHandover(shift: Shift, keeper: string): Handover {
  return {
    shift,
    keeper,
    fieldSupervisor: '',
    cameraSupervisors: [],
    content: { occurrences: [], cameraStaff: [], fieldStaff: [], patrolReport: [], highlights: [] },
    revisions: { occurrences: 0, cameraStaff: 0, fieldStaff: 0, patrolReport: 0, highlights: 0 },
    unlocks: [],
    state: { kind: 'draft' },
  };
}

/**
 * Saves one section (autosave). `baseRevision` is what the writer had before them. Refuses with `handover-locked`,
 * `handover-countersigned`, `handover-changed`, `text-too-long`, `handover-camera-offline`.
 */
export function saveSection<S extends HandoverSection>(
  handover: Handover,
  section: S,
  rows: HandoverContent[S],
  baseRevision: number,
  isOnline: (cameraId: string) => boolean,
): Result<Handover> {
  const open = checkDraft(handover);
  if (!open.ok) return open;
  if (handover.revisions[section] !== baseRevision)
    return no('handover-changed', 'somebody else saved this section meanwhile', {
      section,
      revision: handover.revisions[section],
    });
  if (rows.length > HANDOVER_CAPS.rows) return no('text-too-long', `a section has at most ${HANDOVER_CAPS.rows} rows`);
  if (section === 'cameraStaff') {
    const offline = (rows as HandoverContent['cameraStaff'])
      .flatMap(({ cameraIds }) => cameraIds)
      .find((id) => !isOnline(id));
    if (offline !== undefined)
      return no('handover-camera-offline', 'only cameras that are online are distributed', { cameraId: offline });
  }
  return ok({
    ...handover,
    content: { ...handover.content, [section]: rows },
    revisions: { ...handover.revisions, [section]: baseRevision + 1 },
  });
}

function checkDraft({ state }: Handover): Result<null> {
  if (state.kind === 'locked') return no('handover-locked', 'the handover is locked');
  return state.kind === 'countersigned' ? no('handover-countersigned', 'the handover is countersigned') : ok(null);
}

/** Shares the cameras that are online among the operators as evenly as it goes, in the order given. */
export function distributeCameras(
  operators: readonly { readonly staffId: string; readonly name: string }[],
  onlineCameraIds: readonly string[],
): readonly CameraStaffRow[] {
  return operators.map(({ staffId, name }, index) => ({
    staffId,
    name,
    cameraIds: onlineCameraIds.filter((_, camera) => camera % operators.length === index),
  }));
}

/**
 * Closes the book. Every section was saved at least once, if only empty. At the end of the shift the centre does it by
 * itself (`force`), whatever is missing: a book that nobody closed is not written on.
 */
export function lockHandover(handover: Handover, by: string, nowMs: number, force = false): Result<Handover> {
  const open = checkDraft(handover);
  if (!open.ok) return open;
  const missing = HANDOVER_SECTIONS.filter((section) => handover.revisions[section] === 0);
  if (!force && missing.length > 0)
    return no('handover-section-empty', 'a section was never saved', { sections: missing });
  return ok({ ...handover, state: { kind: 'locked', atMs: nowMs, by } });
}

/** Whether the centre should lock it by itself now. */
export function isLockDue({ state, shift }: Handover, nowMs: number): boolean {
  return state.kind === 'draft' && nowMs >= shift.endMs;
}

export function unlockHandover(handover: Handover, by: string, reason: string, nowMs: number): Result<Handover> {
  const { state } = handover;
  if (state.kind === 'countersigned') return no('handover-countersigned', 'the handover is countersigned');
  if (state.kind === 'draft') return no('handover-not-locked', 'the handover is not locked');
  if (reason.trim().length < 3) return no('reason-missing', 'a reason of at least 3 characters is needed');
  const unlocks = [...handover.unlocks, { atMs: nowMs, by, reason: reason.trim().slice(0, HANDOVER_CAPS.text) }];
  return ok({ ...handover, unlocks, state: { kind: 'draft' } });
}

/** The one who takes over has read it (visto bueno): somebody other than who locked it. */
export function countersignHandover(handover: Handover, by: string, nowMs: number): Result<Handover> {
  const { state } = handover;
  if (state.kind === 'countersigned') return no('handover-countersigned', 'the handover is countersigned');
  if (state.kind === 'draft') return no('handover-not-locked', 'a handover is locked before it is countersigned');
  if (state.by === by) return no('handover-own-countersign', 'somebody else countersigns');
  const signed = { kind: 'countersigned', lockedAtMs: state.atMs, lockedBy: state.by, atMs: nowMs, by } as const;
  return ok({ ...handover, state: signed });
}
