import { ok, type Result } from '#libs/base';
import type { Shift } from './calendar.ts';
import { no } from './refusals.ts';
import type { ShiftRules } from './rules.ts';

/** The five sections of a relevo, in the order in which they are read (domain.md 2.3). */
export const HANDOVER_SECTIONS = ['occurrences', 'cameraStaff', 'fieldStaff', 'patrolReport', 'highlights'] as const;
export type HandoverSection = (typeof HANDOVER_SECTIONS)[number];

export const HANDOVER_CAPS = { text: 8_000, facts: 500, reason: 300, reopenings: 20 } as const;

/** An incident that is open: its code and what it is, nothing of who called or where they live. */
export interface IncidentFact {
  readonly id: string;
  readonly code: string;
  /** Name of its type; empty while it is not classified. */
  readonly type: string;
  readonly priority: string | null;
  readonly status: string;
  readonly sector: string;
  readonly openedAtMs: number;
}
export interface CameraFact {
  readonly id: string;
  readonly code: string;
  readonly name: string;
  /** `null`: it never delivered. */
  readonly sinceMs: number | null;
  readonly reason: string;
}
export interface AlarmFact {
  readonly id: string;
  readonly camera: string;
  readonly kind: string;
  readonly raisedAtMs: number;
  readonly acknowledged: boolean;
}
/** A person of the centre, and the cameras that they watch. */
export interface CentreStaffFact {
  readonly staffId: string;
  readonly name: string;
  readonly post: string;
  readonly cameras: readonly string[];
  readonly absence: string | null;
}
/** Unidad, placa, chofer, operador, zona, celular. */
export interface FieldStaffFact {
  readonly unitId: string;
  readonly callSign: string;
  readonly kind: string;
  readonly plate: string;
  readonly driver: string;
  readonly crew: readonly string[];
  readonly sector: string;
  readonly phone: string;
  readonly status: string;
}
/** Km salida and llegada. */
export interface PatrolFact {
  readonly unitId: string;
  readonly callSign: string;
  readonly startedAtMs: number | null;
  readonly startKm: number | null;
  readonly endedAtMs: number | null;
  readonly endKm: number | null;
  readonly assignments: number;
}
/** An incident of the shift whose type asks for its pictures to be kept. */
export type HighlightFact = IncidentFact;

/** What the board said at a moment, section by section. Nobody types it; it is taken again until the book is signed. */
export interface HandoverFacts {
  readonly takenAtMs: number;
  readonly incidents: readonly IncidentFact[];
  readonly camerasDown: readonly CameraFact[];
  readonly alarms: readonly AlarmFact[];
  readonly centreStaff: readonly CentreStaffFact[];
  readonly fieldStaff: readonly FieldStaffFact[];
  readonly patrols: readonly PatrolFact[];
  readonly highlights: readonly HighlightFact[];
  readonly camerasOnline: number;
  readonly camerasAll: number;
  /** A list was longer than {@link HANDOVER_CAPS} and was cut. */
  readonly cut: boolean;
}

export interface Signature {
  readonly atMs: number;
  readonly by: string;
  readonly name: string;
}

/** What people wrote under a section. */
export interface SectionText {
  readonly text: string;
  /** Counts the savings: two people who write in one section do not overwrite each other. 0: never saved. */
  readonly revision: number;
  readonly saved: Signature | null;
}

/** Where a handover is, and what ends each. */
export type HandoverState =
  /** Ended by {@link sign}. It takes no text once it is overdue, until it is reopened. */
  | { readonly kind: 'draft'; readonly writableUntilMs: number }
  /** Ended by {@link countersign}, or by {@link reopen} with a reason. */
  | { readonly kind: 'signed'; readonly signed: Signature }
  /** Final. */
  | { readonly kind: 'countersigned'; readonly signed: Signature; readonly countersigned: Signature };

/** The book of one shift (cuaderno): what the next shift has to know. */
export interface Handover {
  readonly shift: Shift;
  /** Responsable del cuaderno: who began it. */
  readonly opened: Signature;
  readonly sections: Readonly<Record<HandoverSection, SectionText>>;
  readonly facts: HandoverFacts;
  readonly reopenings: readonly (Signature & { readonly reason: string })[];
  readonly state: HandoverState;
}

/** Begins the book of a shift. Refuses with `handover-too-early`. */
export function openHandover(
  shift: Shift,
  facts: HandoverFacts,
  opened: Signature,
  rules: ShiftRules,
): Result<Handover> {
  if (opened.atMs < shift.endMs - rules.handoverEarlyMs)
    return no('handover-too-early', 'the book of a shift is begun in the day before its end', { endMs: shift.endMs });
  const blank: SectionText = { text: '', revision: 0, saved: null };
  const sections = {
    occurrences: blank,
    cameraStaff: blank,
    fieldStaff: blank,
    patrolReport: blank,
    highlights: blank,
  };
  // Begun after the shift, it can be written on as long as one begun in time.
  const writableUntilMs = Math.max(shift.endMs, opened.atMs) + rules.handoverLateMs;
  return ok({ shift, opened, sections, facts, reopenings: [], state: { kind: 'draft', writableUntilMs } });
}

/**
 * Saves one section (autosave). `baseRevision` is what the writer had before them. Refuses with `handover-changed` and the text
 * that stands there, `handover-locked`, `handover-countersigned`, `handover-overdue`.
 */
export function saveSection(
  handover: Handover,
  section: HandoverSection,
  text: string,
  baseRevision: number,
  saved: Signature,
): Result<Handover> {
  const open = checkWritable(handover, saved.atMs);
  if (!open.ok) return open;
  const stands = handover.sections[section];
  if (stands.revision !== baseRevision)
    return no('handover-changed', 'somebody else saved this section meanwhile', {
      section,
      revision: stands.revision,
      text: stands.text,
      by: stands.saved?.name ?? '',
    });
  const sections = { ...handover.sections, [section]: { text, revision: baseRevision + 1, saved } };
  return ok({ ...handover, sections });
}

/** Takes the facts again. Refuses as {@link saveSection} does for a book that is not written on. */
export function renewFacts(handover: Handover, facts: HandoverFacts): Result<Handover> {
  const open = checkWritable(handover, facts.takenAtMs);
  return open.ok ? ok({ ...handover, facts }) : open;
}

function checkWritable({ state }: Handover, nowMs: number): Result<null> {
  if (state.kind === 'signed') return no('handover-locked', 'the handover is signed');
  if (state.kind === 'countersigned') return no('handover-countersigned', 'the handover is countersigned');
  const { writableUntilMs } = state;
  return nowMs < writableUntilMs
    ? ok(null)
    : no('handover-overdue', 'the shift is over for long: sign it as it is, or have it reopened', { writableUntilMs });
}

/**
 * The one who goes signs. What they have read is what they sign: `revisions` are those of their screen. Every section was saved
 * at least once, if only with "nothing to tell"; after the time to write, whatever is missing stays missing. Refuses with
 * `handover-locked`, `handover-countersigned`, `handover-changed`, `handover-section-empty`.
 */
export function sign(
  handover: Handover,
  revisions: Readonly<Record<HandoverSection, number>>,
  facts: HandoverFacts,
  signed: Signature,
): Result<Handover> {
  const { state, sections } = handover;
  if (state.kind === 'signed') return no('handover-locked', 'the handover is signed');
  if (state.kind === 'countersigned') return no('handover-countersigned', 'the handover is countersigned');
  const changed = HANDOVER_SECTIONS.find((section) => sections[section].revision !== revisions[section]);
  if (changed !== undefined) {
    const { revision, text, saved } = sections[changed];
    const details = { section: changed, revision, text, by: saved?.name ?? '' };
    return no('handover-changed', 'somebody else saved a section meanwhile', details);
  }
  const missing = HANDOVER_SECTIONS.filter((section) => sections[section].text.trim() === '');
  const overdue = signed.atMs >= state.writableUntilMs;
  if (!overdue && missing.length > 0)
    return no('handover-section-empty', 'a section says nothing', { sections: missing });
  return ok({ ...handover, facts, state: { kind: 'signed', signed } });
}

/** A supervisor lets it be written on again. Refuses with `handover-countersigned`, `handover-reason-missing`, `too-many`. */
export function reopen(handover: Handover, reason: string, by: Signature, rules: ShiftRules): Result<Handover> {
  if (handover.state.kind === 'countersigned') return no('handover-countersigned', 'the handover is countersigned');
  if (reason.trim().length < 3) return no('handover-reason-missing', 'a reason of at least 3 characters is needed');
  const reopenings = [...handover.reopenings, { ...by, reason: reason.trim() }].slice(-HANDOVER_CAPS.reopenings);
  return ok({ ...handover, reopenings, state: { kind: 'draft', writableUntilMs: by.atMs + rules.handoverLateMs } });
}

/**
 * The one who comes has read it (visto bueno): somebody other than who signed. Refuses with `handover-countersigned`,
 * `handover-not-signed`, `handover-own-countersign`.
 */
export function countersign(handover: Handover, countersigned: Signature): Result<Handover> {
  const { state } = handover;
  if (state.kind === 'countersigned') return no('handover-countersigned', 'the handover is countersigned');
  if (state.kind === 'draft') return no('handover-not-signed', 'a handover is signed before it is countersigned');
  if (state.signed.by === countersigned.by) return no('handover-own-countersign', 'somebody else countersigns');
  return ok({ ...handover, state: { kind: 'countersigned', signed: state.signed, countersigned } });
}

/** What a signature stands for: everything but the signatures that come after it. Its hash is in the ledger. */
export function signedContent({ shift, opened, sections, facts, reopenings, state }: Handover): object {
  const signed = state.kind === 'draft' ? null : state.signed;
  return { shift, opened, sections, facts, reopenings, signed };
}

/** Shares the cameras that are online among those who watch them as evenly as it goes, in the order given. */
export function distributeCameras(watchers: number, cameras: readonly string[]): readonly (readonly string[])[] {
  return Array.from({ length: watchers }, (_, index) => cameras.filter((__, camera) => camera % watchers === index));
}
