import { DISPATCH_EVENT_KINDS } from '#libs/dispatch';
import { CALENDAR_EVENT_KINDS, HANDOVER_EVENT_KINDS, ROSTER_EVENT_KINDS } from '#libs/shift';
import { allows, type Permission, type Role } from './roles.ts';

/** As much of an event of the ledger as decides who may see it. */
export interface Redactable {
  readonly kind: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** What an audience sees of an event, and which members of its payload were left out. */
export type Redacted<E extends Redactable> = E & { readonly redacted: readonly string[] };

export interface LedgerRule {
  /** Who sees that it happened. */
  readonly see: Permission;
  /** Names of members of the payload that this role may not see. Asked for every event and every audience: keep it cheap. */
  readonly hide?: (payload: Readonly<Record<string, unknown>>, role: Role) => readonly string[];
}

/**
 * What a person typed or told, and places. Whether an incident is masked can change after the event, so these are left out
 * for everybody; the timeline of the incident shows them to those who may see them now (`redactEventFor`).
 */
const PERSONAL = new Set([
  'call',
  'place',
  'narrative',
  'reason',
  'note',
  'destination',
  'override',
  'outcome',
  'takenBy',
  'reference',
]);

const ABOUT_INCIDENT: LedgerRule = {
  see: 'incident:view',
  hide: (payload) => Object.keys(payload).filter((name) => PERSONAL.has(name)),
};
/** Why somebody does not come is between them and who plans. */
const ABOUT_ROSTER: LedgerRule = {
  see: 'shift:view',
  hide: (_payload, role) => (allows(role, 'shift:manage') ? [] : ['cause', 'note', 'reason']),
};
const ABOUT_UNIT: LedgerRule = { ...ABOUT_INCIDENT, see: 'unit:view' };

/** One rule per kind of event; a test holds it equal to the registry. */
export const LEDGER_RULES: Readonly<Record<string, LedgerRule>> = {
  'ledger:keyAdopted': { see: 'ledger:read' },
  ...Object.fromEntries(CALENDAR_EVENT_KINDS.map((kind) => [kind, { see: 'shift:view' } as const])),
  ...Object.fromEntries(ROSTER_EVENT_KINDS.map((kind) => [kind, ABOUT_ROSTER])),
  ...Object.fromEntries(HANDOVER_EVENT_KINDS.map((kind) => [kind, { see: 'incident:view' } as const])),
  ...Object.fromEntries(
    DISPATCH_EVENT_KINDS.map((kind) => [kind, kind.startsWith('unit:') ? ABOUT_UNIT : ABOUT_INCIDENT]),
  ),
};

/**
 * The event as somebody of this role may see it now, or `undefined` when they may not know of it. A kind without a rule is
 * nobody's to see: forgetting a rule shows as a missing event, not as a leak.
 */
export function ledgerEventFor<E extends Redactable>(
  role: Role,
  event: E,
  rules: Readonly<Record<string, LedgerRule>> = LEDGER_RULES,
): Redacted<E> | undefined {
  const rule = Object.hasOwn(rules, event.kind) ? rules[event.kind] : undefined;
  if (!rule || !allows(role, rule.see)) return undefined;
  const hidden = new Set(rule.hide?.(event.payload, role));
  const redacted = [...hidden].filter((name) => Object.hasOwn(event.payload, name));
  if (redacted.length === 0) return { ...event, redacted };
  const payload = Object.fromEntries(Object.entries(event.payload).filter(([name]) => !hidden.has(name)));
  return { ...event, payload, redacted };
}
