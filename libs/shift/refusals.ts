import { refusal, refused, type Refusal, type RefusalKind } from '#libs/base';

/** Every reason for which shifts, rosters and handovers say no, and its kind. Screens have words for each (console i18n). */
export const SHIFT_CODES = {
  'shift-unknown': 'not-found',
  'shift-hours-wrong': 'bad-input',
  'shift-overlaps': 'conflict',
  'shift-name-taken': 'bad-input',
  'shifts-full': 'bad-input',
  'shift-date-wrong': 'bad-input',
  'shift-date-past': 'conflict',
  'shift-has-roster': 'conflict',
  'shift-exceptions-full': 'too-many',
  'shift-exception-unknown': 'not-found',
  'shift-over': 'conflict',
  'shift-not-running': 'conflict',
  'roster-changed': 'conflict',
  'roster-person-twice': 'conflict',
  'roster-person-unknown': 'not-found',
  'roster-person-absent': 'conflict',
  'roster-full': 'bad-input',
  'roster-double-booked': 'conflict',
  'roster-rest-short': 'conflict',
  'roster-two-drivers': 'conflict',
  'roster-unit-unknown': 'conflict',
  'roster-person-present': 'conflict',
  'roster-same-shift': 'bad-input',
  'attendance-started': 'conflict',
  'attendance-not-started': 'conflict',
  'attendance-ended': 'conflict',
  'attendance-km-backwards': 'bad-input',
  'staff-unknown': 'conflict',
  'staff-full': 'too-many',
  'staff-name-taken': 'conflict',
  'handover-unknown': 'not-found',
  'handover-too-early': 'conflict',
  'handover-locked': 'conflict',
  'handover-overdue': 'conflict',
  'handover-not-signed': 'conflict',
  'handover-changed': 'conflict',
  'handover-section-empty': 'conflict',
  'handover-countersigned': 'conflict',
  'handover-own-countersign': 'conflict',
  'handover-reason-missing': 'bad-input',
} as const satisfies Readonly<Record<string, RefusalKind>>;
export type ShiftCode = keyof typeof SHIFT_CODES;

export function shiftRefusal(code: ShiftCode, message: string, details?: Readonly<Record<string, unknown>>): Refusal {
  return refusal(SHIFT_CODES[code], code, message, details);
}

/** The short form inside decisions: a refused {@link Result}. */
export function no(
  code: ShiftCode,
  message: string,
  details?: Readonly<Record<string, unknown>>,
): { readonly ok: false; readonly refusal: Refusal } {
  return refused(shiftRefusal(code, message, details));
}
