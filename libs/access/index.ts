export { PERMISSIONS, ROLES, allows, permissionsOf, steeringPriority, type Permission, type Role } from './roles.ts';
export {
  PERSONAL_FIELDS,
  blockOf,
  redactEventFor,
  redactFor,
  shortPhone,
  viewOf,
  type Audience,
  type PersonalField,
  type RedactedEvent,
  type RedactedIncident,
  type Sight,
  type View,
} from './redaction.ts';
export { LEDGER_RULES, ledgerEventFor, type LedgerRule, type Redactable, type Redacted } from './ledger-rules.ts';
