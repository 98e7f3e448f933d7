import { z } from 'zod';
import { ABSENCE_CAUSES, POSTS, ROSTER_CAPS, SHIFT_CAPS, isDate } from '#libs/shift';
import { clientId, commandEnvelope, line, phone } from './dispatch-text.ts';

const ms = z.number();
const minute = z.number().int().min(0).max(1_439);
const km = z.number().min(0).max(ROSTER_CAPS.km).nullable();
const reason = line(ROSTER_CAPS.reason).default('');

/** A day as the calendar of the centre writes it. */
export const shiftDate = z.string().max(10).refine(isDate, 'a day YYYY-MM-DD');

const pattern = z.object({
  id: z.string().regex(/^[a-z0-9-]{1,24}$/),
  name: line(SHIFT_CAPS.name, 1),
  startMinute: minute,
  endMinute: minute,
  weekdays: z.array(z.number().int().min(1).max(7)).min(1).max(7),
});

/** `PUT /api/shifts/calendar/patterns` (`shift:manage`): the shifts of a week from a day on. */
export const shiftPatternsBody = z.object({
  ...commandEnvelope,
  fromDate: shiftDate,
  patterns: z.array(pattern).min(1).max(SHIFT_CAPS.patterns),
});
export type ShiftPatternsBody = z.infer<typeof shiftPatternsBody>;

/** `PUT /api/shifts/calendar/exceptions/:date` (`shift:manage`); `patterns: null` brings back the usual ones. */
export const shiftExceptionBody = z.object({
  ...commandEnvelope,
  note: line(SHIFT_CAPS.note).default(''),
  patterns: z.array(pattern).max(SHIFT_CAPS.patterns).nullable(),
});
export type ShiftExceptionBody = z.infer<typeof shiftExceptionBody>;

/** `GET /api/shifts/calendar` (`shift:view`). */
export const shiftCalendarView = z.object({
  timeZone: z.string(),
  today: z.string(),
  versions: z.array(z.object({ fromDate: z.string(), patterns: z.array(pattern) })),
  exceptions: z.array(z.object({ date: z.string(), note: z.string(), patterns: z.array(pattern) })),
});
export type ShiftCalendarView = z.infer<typeof shiftCalendarView>;

const attendance = z.object({
  startedAtMs: ms,
  startKm: km,
  endedAtMs: ms.nullable(),
  endKm: km,
});
const entry = z.object({
  staffId: z.uuid(),
  name: z.string(),
  post: z.enum(POSTS),
  unitId: z.uuid().nullable(),
  replaces: z.uuid().nullable(),
  /** Why is for those who plan: to others `cause` is `null` and `note` empty. */
  absence: z.object({ cause: z.enum(ABSENCE_CAUSES).nullable(), note: z.string(), atMs: ms }).nullable(),
  attendance: attendance.nullable(),
});

/** One shift and who is on it, and the item of topic `shifts`: the running one and the next. */
export const shiftView = z.object({
  id: z.string(),
  patternId: z.string(),
  name: z.string(),
  date: z.string(),
  startMs: ms,
  endMs: ms,
  running: z.boolean(),
  /** Changes with each change of the roster; `null` while none was made. */
  revision: z.number().int().nullable(),
  entries: z.array(entry),
});
export type ShiftView = z.infer<typeof shiftView>;

/** `GET /api/shifts` (`shift:view`): the shifts that begin on so many days from one on. */
export const shiftQuery = z.object({ from: shiftDate, days: z.coerce.number().int().min(1).max(42).default(7) });
export type ShiftQuery = z.infer<typeof shiftQuery>;

/** `GET /api/shifts/on-duty` (`shift:view`): who is on duty now. */
export const dutyView = z.object({
  atMs: ms,
  /** `null` in hours that no shift covers. */
  shiftId: z.string().nullable(),
  /** A roster puts people into units now: others are asked a reason for. Without, only signing on counts. */
  rostered: z.boolean(),
  unitIds: z.array(z.string()),
  people: z.array(entry),
});
export type DutyView = z.infer<typeof dutyView>;

/** `PUT /api/shifts/:date/:patternId/roster` (`shift:manage`). */
export const rosterBody = z.object({
  ...commandEnvelope,
  /** What the editor had before them: `roster-changed` when it is not the last. */
  baseRevision: z.number().int().nullable(),
  entries: z
    .array(z.object({ staffId: clientId, post: z.enum(POSTS), unitId: clientId.nullable() }))
    .max(ROSTER_CAPS.entries),
  /** Why somebody has less rest than the rule. */
  reason,
});
export type RosterBody = z.infer<typeof rosterBody>;

/** `POST /api/shifts/:date/:patternId/absences` (`shift:manage`). */
export const absenceBody = z.object({
  ...commandEnvelope,
  staffId: clientId,
  cause: z.enum(ABSENCE_CAUSES),
  note: line(ROSTER_CAPS.note).default(''),
  standInId: clientId.nullable().default(null),
  reason,
});
export type AbsenceBody = z.infer<typeof absenceBody>;

/** `POST /api/shifts/:date/:patternId/absences/lift` (`shift:manage`). */
export const absenceLiftBody = z.object({ ...commandEnvelope, staffId: clientId, reason });
export type AbsenceLiftBody = z.infer<typeof absenceLiftBody>;

const shiftId = z.string().regex(/^\d{4}-\d{2}-\d{2}\/[a-z0-9-]{1,24}$/);
/** `POST /api/shifts/swaps` (`shift:manage`): two people of two shifts change places. */
export const swapBody = z.object({
  ...commandEnvelope,
  shiftId,
  staffId: clientId,
  otherShiftId: shiftId,
  otherStaffId: clientId,
  reason,
});
export type SwapBody = z.infer<typeof swapBody>;

/** `POST /api/shifts/:date/:patternId/own-attendance` (`shift:view`): somebody begins or ends their own shift. */
export const ownAttendanceBody = z.object({ ...commandEnvelope, kind: z.enum(['start', 'end']), km: km.default(null) });
export type OwnAttendanceBody = z.infer<typeof ownAttendanceBody>;
/** `POST /api/shifts/:date/:patternId/attendance` (`incident:dispatch`): the same by radio, for another. */
export const attendanceBody = ownAttendanceBody.extend({ staffId: clientId });
export type AttendanceBody = z.infer<typeof attendanceBody>;

/** Of every command to calendar and rosters. */
export const shiftAnswer = z.object({ seq: z.number().int().nullable() });
export type ShiftAnswer = z.infer<typeof shiftAnswer>;

/** Somebody who can be put on a roster: those with an account, and those without. */
export const staffView = z.object({
  id: z.uuid(),
  name: z.string(),
  hasAccount: z.boolean(),
  phone: z.string().nullable(),
  left: z.boolean(),
});
export type StaffView = z.infer<typeof staffView>;

const staffName = line(ROSTER_CAPS.name, 3);
/** `POST /api/staff` (`shift:manage`): somebody without an account. */
export const createStaffBody = z.object({ name: staffName, phone: phone.nullable().default(null) });
export type CreateStaffBody = z.infer<typeof createStaffBody>;
/** `PATCH /api/staff/:id`. The name of somebody with an account is the account's. */
export const changeStaffBody = z
  .object({ name: staffName, phone: phone.nullable(), left: z.boolean() })
  .partial()
  .refine((change) => Object.keys(change).length > 0, 'nothing to change');
export type ChangeStaffBody = z.infer<typeof changeStaffBody>;
