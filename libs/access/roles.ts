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
  'zone:view',
  'zone:manage',
  'map:view',
  'system:view',
  'setting:manage',
  'account:manage',
  'audit:read',
] as const;

export type Permission = (typeof PERMISSIONS)[number];

const EVERYONE: readonly Permission[] = ['session:own', 'map:view'];
const SEES_THE_TOWN: readonly Permission[] = [...EVERYONE, 'camera:view', 'zone:view'];
const WATCHES: readonly Permission[] = [...SEES_THE_TOWN, 'camera:watch', 'ptz:move', 'system:view'];

/**
 * The permission table. Live video is for those who work in the centre: a public or outside view of cameras is improper
 * processing (Directiva 01-2020-JUS/DGTAIPD), so police liaison and patrol see video only when it is shared with them.
 */
const TABLE: Readonly<Record<Role, readonly Permission[]>> = {
  administrator: PERMISSIONS,
  supervisor: [...WATCHES, 'camera:manage', 'ptz:manage', 'zone:manage', 'audit:read'],
  operator: WATCHES,
  dispatcher: WATCHES,
  patrol: EVERYONE,
  'police-liaison': EVERYONE,
  'civil-defence': WATCHES,
  auditor: [...SEES_THE_TOWN, 'system:view', 'audit:read'],
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
