import { distanceM, type GeoPoint } from '#libs/geo';
import { canAssign, type Assignable, type SoftCode } from './can-assign.ts';
import type { DutyRoll } from './context.ts';
import { SectorCover, type CoverageGap, type Sector } from './coverage-gap.ts';
import type { Incident } from './incident.ts';
import type { IncidentType } from './incident-type.ts';
import type { DispatchCode } from './refusals.ts';
import type { DispatchRules } from './rules.ts';
import { STRAIGHT_LINE, type Travel, type TravelTime } from './travel-time.ts';
import { skillsOf, type Unit } from './unit.ts';
import { UNIT_KINDS, type Priority, type Skill, type UnitKind } from './vocabulary.ts';

/** A unit and where it was last. */
export interface Candidate {
  readonly unit: Unit;
  readonly fix: { readonly point: GeoPoint; readonly takenAtMs: number } | null;
}

/**
 * One thing that speaks for or against a choice, in figures; a screen puts it into words. `penaltyMs` is what it weighs:
 * as if the unit were so much further away. The score is travel time plus all penalties, so that every rank can be
 * checked by hand.
 */
export type Reason =
  | { readonly factor: 'travel'; readonly travel: Travel; readonly penaltyMs: number }
  /** Where it is now is guessed from a fix of this age. */
  | { readonly factor: 'old-fix'; readonly ageMs: number; readonly penaltyMs: number }
  | { readonly factor: 'right-kind'; readonly kind: UnitKind; readonly penaltyMs: 0 }
  | { readonly factor: 'other-kind'; readonly kind: UnitKind; readonly penaltyMs: number }
  | { readonly factor: 'has-skill'; readonly skill: Skill; readonly penaltyMs: 0 }
  | { readonly factor: 'lacks-skill'; readonly skill: Skill; readonly penaltyMs: number }
  | { readonly factor: 'workload'; readonly assignments: number; readonly busyMs: number; readonly penaltyMs: number }
  | { readonly factor: 'needs-reason'; readonly code: SoftCode; readonly penaltyMs: number }
  | {
      readonly factor: 'preempts';
      readonly incidentId: string;
      readonly priority: Priority;
      readonly penaltyMs: number;
    }
  | ({ readonly factor: 'uncovers'; readonly penaltyMs: number } & CoverageGap)
  | { readonly factor: 'own-sector'; readonly sectorId: string; readonly penaltyMs: 0 };
export type RecommendationFactor = Reason['factor'];

export interface Recommendation {
  readonly unitId: string;
  readonly callSign: string;
  /** Travel time and penalties together; the least is best. */
  readonly scoreMs: number;
  readonly travel: Travel;
  readonly reasons: readonly Reason[];
  readonly needsOverride: boolean;
  readonly preempts: string | null;
}

export interface RecommendationInput {
  readonly incident: Incident;
  readonly type: IncidentType | undefined;
  readonly candidates: readonly Candidate[];
  readonly sectors: readonly Sector[];
  readonly roll: DutyRoll | null;
  readonly nowMs: number;
  readonly rules: DispatchRules;
}

/** One entry of the shortlist: may be sent, and is near as the crow flies. */
export interface Shortlisted {
  readonly candidate: Candidate;
  readonly point: GeoPoint;
  readonly straightM: number;
  readonly able: Assignable;
  readonly gap: CoverageGap | null;
}

/** Why a unit is not on the list. */
export type ExclusionCode = DispatchCode | 'unit-without-fix';

export interface Shortlist {
  readonly entries: readonly Shortlisted[];
  /** How many units cannot be sent, by why: "12 busy, 3 without signal". */
  readonly excluded: ReadonlyMap<ExclusionCode, number>;
}

/** For how many a router is asked. */
export const SHORTLIST_SIZE = 25;
/** A shortlist without anything to choose by is none: this many of the right kind are kept, however far they are. */
const KEPT_OF_KIND = 5;

/** What a flaw weighs, as travel time. Ours: to be tuned by those who dispatch. */
const PENALTY_MS = {
  /** For each millisecond of age beyond a minute, a quarter: a car is somewhere else by then. */
  oldFixShare: 0.25,
  oldFixFreeMs: 60_000,
  oldFixMost: 600_000,
  otherKind: 240_000,
  lacksSkill: 300_000,
  perAssignment: 10_000,
  perBusyShare: 0.02,
  workloadMost: 120_000,
  needsReason: 420_000,
  preempts: { P1: 900_000, P2: 480_000, P3: 180_000, P4: 120_000 },
  uncovers: 180_000,
} as const;

/**
 * Units that may be sent, nearest by the straight line first, and never more than a router can be asked about. Asking for
 * travel times of `entries` and calling {@link rankShortlist} is the recommendation.
 */
export function shortlistUnits(input: RecommendationInput, size: number = SHORTLIST_SIZE): Shortlist {
  const target = input.incident.place?.point ?? null;
  const excluded = new Map<ExclusionCode, number>();
  const exclude = (code: ExclusionCode): void => {
    excluded.set(code, (excluded.get(code) ?? 0) + 1);
  };
  const cover = coverOf(input);
  const entries: Shortlisted[] = [];
  for (const candidate of input.candidates) {
    const able = canAssign(candidate.unit, input.incident, input.roll, input.nowMs, input.rules, input.type);
    if (!able.ok) exclude(able.refusal.code as DispatchCode);
    else if (target === null) exclude('incident-without-place');
    else if (candidate.fix === null) exclude('unit-without-fix');
    else {
      const { point } = candidate.fix;
      const gap = isFree(candidate.unit) ? cover.gapWithout(cover.sectorAt(point)) : null;
      entries.push({ candidate, point, straightM: distanceM(point, target), able: able.value, gap });
    }
  }
  return { entries: nearest(entries, input.type, size), excluded };
}

function coverOf({ candidates, sectors }: RecommendationInput): SectorCover {
  const cover = new SectorCover(sectors);
  for (const { unit, fix } of candidates) if (fix && isFree(unit)) cover.count(cover.sectorAt(fix.point));
  return cover;
}

function isFree({ state, duty, sos, retiredAtMs }: Unit): boolean {
  return state.kind === 'free' && duty !== null && sos === null && retiredAtMs === null;
}

function nearest(entries: Shortlisted[], type: IncidentType | undefined, size: number): Shortlisted[] {
  const sorted = entries.sort((a, b) => a.straightM - b.straightM || byId(a, b));
  const kept = new Set(sorted.slice(0, size));
  for (const entry of sorted.filter(({ candidate }) => fits(candidate.unit, type)).slice(0, KEPT_OF_KIND))
    kept.add(entry);
  return [...kept];
}

function byId(a: Shortlisted, b: Shortlisted): number {
  return a.candidate.unit.id < b.candidate.unit.id ? -1 : 1;
}

/** Whether the catalogue asks for this kind. Types that ask for none take any that travels. */
function fits({ kind }: Unit, type: IncidentType | undefined): boolean {
  if (type === undefined || type.everyUnit || type.unitKinds.length === 0) return kind !== 'CAM';
  return type.unitKinds.includes(kind);
}

/** Ranks a shortlist, the best first; equals by call sign, then by id, so that the list never jumps about. */
export function rankShortlist(
  shortlist: Shortlist,
  input: RecommendationInput,
  travelTime: TravelTime = STRAIGHT_LINE,
): readonly Recommendation[] {
  return shortlist.entries
    .flatMap((entry) => recommendationOf(entry, input, travelTime) ?? [])
    .sort(
      (a, b) =>
        a.scoreMs - b.scoreMs ||
        (a.callSign < b.callSign ? -1 : a.callSign > b.callSign ? 1 : a.unitId < b.unitId ? -1 : 1),
    );
}

/** Shortlist and rank in one, for a travel time that answers at once. */
export function recommend(input: RecommendationInput, travelTime?: TravelTime): readonly Recommendation[] {
  return rankShortlist(shortlistUnits(input), input, travelTime);
}

function recommendationOf(
  entry: Shortlisted,
  input: RecommendationInput,
  travelTime: TravelTime,
): Recommendation | null {
  const { unit } = entry.candidate;
  const target = input.incident.place?.point;
  const travel = target ? travelTime.between(entry.point, target, UNIT_KINDS[unit.kind].speedClass) : null;
  if (travel === null) return null;
  const reasons = reasonsFor(entry, travel, input);
  return {
    unitId: unit.id,
    callSign: unit.callSign,
    scoreMs: reasons.reduce((sum, { penaltyMs }) => sum + penaltyMs, 0),
    travel,
    reasons,
    needsOverride: entry.able.soft.length > 0,
    preempts: entry.able.preempts,
  };
}

function reasonsFor(entry: Shortlisted, travel: Travel, input: RecommendationInput): Reason[] {
  return [
    { factor: 'travel', travel, penaltyMs: travel.durationMs },
    ...fixReason(entry, input.nowMs),
    ...kindReason(entry.candidate.unit, input.type),
    ...skillReasons(entry.candidate.unit, input.type),
    ...workloadReason(entry.candidate.unit),
    ...standingReasons(entry),
    ...coverReasons(entry, input.incident),
  ];
}

function fixReason({ candidate }: Shortlisted, nowMs: number): Reason[] {
  const ageMs = Math.max(0, nowMs - (candidate.fix?.takenAtMs ?? 0));
  if (ageMs <= PENALTY_MS.oldFixFreeMs) return [];
  const penaltyMs = Math.min(PENALTY_MS.oldFixMost, (ageMs - PENALTY_MS.oldFixFreeMs) * PENALTY_MS.oldFixShare);
  return [{ factor: 'old-fix', ageMs, penaltyMs }];
}

function kindReason(unit: Unit, type: IncidentType | undefined): Reason[] {
  const { kind } = unit;
  if (fits(unit, type)) return [{ factor: 'right-kind', kind, penaltyMs: 0 }];
  return [{ factor: 'other-kind', kind, penaltyMs: PENALTY_MS.otherKind }];
}

function skillReasons(unit: Unit, type: IncidentType | undefined): Reason[] {
  const has = skillsOf(unit);
  return (type?.skills ?? []).map((skill): Reason =>
    has.has(skill)
      ? { factor: 'has-skill', skill, penaltyMs: 0 }
      : { factor: 'lacks-skill', skill, penaltyMs: PENALTY_MS.lacksSkill },
  );
}

function workloadReason({ duty }: Unit): Reason[] {
  if (duty === null || duty.assignments === 0) return [];
  const { assignments, busyMs } = duty;
  const weight = assignments * PENALTY_MS.perAssignment + busyMs * PENALTY_MS.perBusyShare;
  return [{ factor: 'workload', assignments, busyMs, penaltyMs: Math.min(PENALTY_MS.workloadMost, weight) }];
}

function standingReasons({ able, candidate }: Shortlisted): Reason[] {
  const reasons = able.soft.map((code): Reason => ({
    factor: 'needs-reason',
    code,
    penaltyMs: PENALTY_MS.needsReason,
  }));
  const { state } = candidate.unit;
  if (able.preempts === null || state.kind !== 'assigned') return reasons;
  const { incidentId, priority } = state;
  return [...reasons, { factor: 'preempts', incidentId, priority, penaltyMs: PENALTY_MS.preempts[priority] }];
}

function coverReasons({ gap, candidate }: Shortlisted, incident: Incident): Reason[] {
  const { sectorId } = candidate.unit;
  const own = sectorId !== null && sectorId === incident.place?.sectorId;
  return [
    ...(own ? [{ factor: 'own-sector', sectorId, penaltyMs: 0 } as const] : []),
    // Within the sector that it would leave it is still there.
    ...(gap !== null && gap.sectorId !== incident.place?.sectorId
      ? [{ factor: 'uncovers', ...gap, penaltyMs: PENALTY_MS.uncovers * (gap.needed - gap.left) } as const]
      : []),
  ];
}
