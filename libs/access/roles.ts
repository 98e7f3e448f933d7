/** Who somebody is to the centre. One account has one role; domain.md 2.2 lists the posts that each stands for. */
export const ROLES = [
  'administrator',
  'supervisor',
  'operator',
  'dispatcher',
  'patrol',
  'police-liaison',
  'civil-defence',
  'auditor',
] as const;

export type Role = (typeof ROLES)[number];

/** What somebody may do, as `noun:verb`. Every route and realtime topic names exactly one. */
export const PERMISSIONS = [
  'session:own',
  'camera:view',
  'camera:watch',
  'camera:manage',
  /** Turn a camera's audio on: voice is personal data (Ley 29733). */
  'camera:audio',
  'ptz:move',
  'ptz:manage',
  'alarm:view',
  'alarm:acknowledge',
  'zone:view',
  'zone:manage',
  'map:view',
  'incident:view',
  'incident:take',
  'incident:dispatch',
  'incident:amend',
  'incident:unmask',
  'unit:view',
  'unit:report',
  'unit:manage',
  'shift:view',
  'shift:manage',
  'handover:write',
  'catalogue:manage',
  'system:view',
  'setting:manage',
  'account:manage',
  'audit:read',
  'ledger:read',
  /** Statistics: numbers, without those so small that they point at somebody. */
  'report:view',
  /** The small numbers too, the units and who took what was referred. */
  'report:detail',
  /** A report as a file, which leaves the house. */
  'report:export',
  /** Look back at the board of a past moment, for a reason. */
  'replay:view',
] as const;

export type Permission = (typeof PERMISSIONS)[number];

const EVERYONE: readonly Permission[] = ['session:own', 'map:view'];
const SEES_THE_TOWN: readonly Permission[] = [...EVERYONE, 'camera:view', 'zone:view', 'alarm:view'];
const WATCHES: readonly Permission[] = [
  ...SEES_THE_TOWN,
  'camera:watch',
  'ptz:move',
  'alarm:acknowledge',
  'system:view',
];
/** Reads what goes on; libs/access redaction.ts says what of it each role sees. */
const READS: readonly Permission[] = ['incident:view', 'unit:view', 'shift:view'];
const TAKES_CALLS: readonly Permission[] = [...READS, 'incident:take', 'handover:write'];
const DISPATCHES: readonly Permission[] = [...TAKES_CALLS, 'incident:dispatch'];
const COMMANDS: readonly Permission[] = [
  ...DISPATCHES,
  'incident:amend',
  'incident:unmask',
  'unit:manage',
  'shift:manage',
  'catalogue:manage',
];

const REPORTS: readonly Permission[] = ['report:view', 'report:detail', 'report:export'];

/**
 * The permission table. Live video is for those who work in the centre: a public or outside view of cameras is improper
 * processing (Directiva 01-2020-JUS/DGTAIPD), so police liaison and patrol see video only when it is shared with them.
 * A patrol reports for its own unit and sees its own incident; the board is for the centre.
 */
const TABLE: Readonly<Record<Role, readonly Permission[]>> = {
  administrator: PERMISSIONS,
  supervisor: [
    ...WATCHES,
    ...COMMANDS,
    'camera:manage',
    'ptz:manage',
    'zone:manage',
    'audit:read',
    ...REPORTS,
    'replay:view',
  ],
  operator: [...WATCHES, ...TAKES_CALLS],
  dispatcher: [...WATCHES, ...DISPATCHES],
  patrol: [...EVERYONE, 'unit:report', 'shift:view'],
  'police-liaison': [...EVERYONE, 'report:view'],
  'civil-defence': [...WATCHES, ...READS, 'report:view'],
  auditor: [...SEES_THE_TOWN, ...READS, 'system:view', 'audit:read', 'ledger:read', ...REPORTS, 'replay:view'],
};

/** Who steers before whom, when two want the same camera. Nobody else steers at all (`ptz:move`). */
const STEERING_PRIORITY: Readonly<Partial<Record<Role, number>>> = {
  administrator: 2,
  supervisor: 2,
  operator: 1,
  dispatcher: 1,
  'civil-defence': 1,
};

/** 2 goes before 1; 0 never steers. Equals wait for each other. */
export function steeringPriority(role: Role): number {
  return STEERING_PRIORITY[role] ?? 0;
}

export function allows(role: Role, permission: Permission): boolean {
  return TABLE[role].includes(permission);
}

export function permissionsOf(role: Role): readonly Permission[] {
  return TABLE[role];
}
