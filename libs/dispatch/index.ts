export {
  AGENCIES,
  AGENCY_CODES,
  CHANNELS,
  CHANNEL_CODES,
  DISMISSAL_CAUSES,
  DISPOSITIONS,
  INSTRUCTIONS,
  PRIORITIES,
  SKILLS,
  UNIT_KINDS,
  UNIT_KIND_CODES,
  comparePriority,
  countsAsAttended,
  type Agency,
  type Channel,
  type DismissalCause,
  type Disposition,
  type Instruction,
  type Priority,
  type Skill,
  type SpeedClass,
  type UnitKind,
} from './vocabulary.ts';
export {
  INCIDENT_GROUPS,
  catalogueOf,
  type Catalogue,
  type IncidentGroup,
  type IncidentType,
} from './incident-type.ts';
export { seedTypes } from './seed-types.ts';
export { MAX_QUERY_CHARS, foldWords, typeSearch, type TypeHit, type TypeSearch } from './type-search.ts';
export { MAX_PHONE_CHARS, normalisePhone } from './phone.ts';
export { DISPATCH_CODES, dispatchRefusal, type DispatchCode } from './refusals.ts';
export { DEFAULT_DISPATCH_RULES, ILO_PROVINCE, type DispatchRules, type Targets } from './rules.ts';
export { PLACE_CAPS, checkPlace, type IncidentPlace } from './place.ts';
export { CALL_CAPS, checkCall, type Call } from './call.ts';
export {
  ASSIGNMENT_END_CAUSES,
  ASSIGNMENT_PHASES,
  phaseIndex,
  type Assignment,
  type AssignmentEnd,
  type AssignmentEndCause,
  type AssignmentPhase,
} from './assignment.ts';
export {
  INCIDENT_CAPS,
  INCIDENT_STATUSES,
  LINK_RELATIONS,
  activeAssignments,
  isLive,
  isMasked,
  statusOf,
  type Classification,
  type Incident,
  type IncidentAlarm,
  type IncidentLife,
  type IncidentLink,
  type IncidentStatus,
  type LinkRelation,
  type Narrative,
  type Referral,
  type ReferralAnswer,
} from './incident.ts';
export {
  CLOCK_ORDER,
  ESCALATION_LEVELS,
  clocksOf,
  escalationOf,
  timersOf,
  type EscalationLevel,
  type IncidentClocks,
  type IncidentTimer,
  type TimerKind,
} from './incident-clocks.ts';
export {
  FREE_STATUSES,
  READY_STATUSES,
  UNIT_CAPS,
  UNIT_STATUSES,
  skillsOf,
  unitStatusOf,
  type CrewMember,
  type Duty,
  type FreeStatus,
  type Sos,
  type Unit,
  type UnitProfile,
  type UnitState,
  type UnitStatus,
  type Vehicle,
} from './unit.ts';
export {
  DEFAULT_STRAY_BOUNDS,
  STRAY_ENDS,
  STRAY_KINDS,
  strayStep,
  type Stray,
  type StrayBounds,
  type StrayCourse,
  type StrayEnd,
  type StrayKind,
} from './stray.ts';
export { alarmsOf, checkInOf, type CheckIn, type DispatchAlarm } from './alarms.ts';
export { DISPATCH_EVENT_KINDS, type DispatchEvent, type DispatchEventKind, type EventOf } from './events.ts';
export { readBy, type CommandOf, type DispatchCommand, type DispatchCommandKind, type Reads } from './commands.ts';
export { MemoryBoard, readAlso, type Board, type BoardChange } from './board.ts';
export { type DecisionContext, type DutyRoll } from './context.ts';
export { SOFT_CODES, canAssign, type Assignable, type SoftCode } from './can-assign.ts';
export { decide } from './decide.ts';
export { MAX_UNMASK_MS } from './decide-incident.ts';
export { evolve } from './evolve.ts';
export { PastBoard, type OpenBoard } from './past-board.ts';
export { movedBy, namedBy } from './reads-of-event.ts';
export { findDuplicates, type DuplicateHit, type Report } from './duplicate.ts';
export { checkClientClock } from './clock-check.ts';
export { STRAIGHT_LINE, type Travel, type TravelTime } from './travel-time.ts';
export { type CoverageGap, type Sector } from './coverage-gap.ts';
export {
  SHORTLIST_SIZE,
  rankShortlist,
  recommend,
  shortlistUnits,
  type Candidate,
  type ExclusionCode,
  type Reason,
  type Recommendation,
  type RecommendationFactor,
  type RecommendationInput,
  type Shortlist,
  type Shortlisted,
} from './recommendation.ts';
