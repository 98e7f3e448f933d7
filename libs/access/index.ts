export { PERMISSIONS, ROLES, allows, permissionsOf, steeringPriority, type Permission, type Role } from './roles.ts';
export { LEDGER_RULES, redactFor, type LedgerRule, type Redactable, type Redacted } from './redaction.ts';
