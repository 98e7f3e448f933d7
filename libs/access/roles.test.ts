import { describe, expect, it } from '@jest/globals';
import { PERMISSIONS, ROLES, allows, permissionsOf, steeringPriority, type Permission, type Role } from '#libs/access';

/**
 * The table as the centre's rules state it, written a second time and by permission: who may do each thing. A change in
 * `roles.ts` has to be made here too, by somebody who has read both.
 */
const WHO: Readonly<Record<Permission, readonly Role[]>> = {
  'session:own': ROLES,
  'map:view': ROLES,
  'camera:view': ['administrator', 'supervisor', 'operator', 'dispatcher', 'civil-defence', 'auditor'],
  'zone:view': ['administrator', 'supervisor', 'operator', 'dispatcher', 'civil-defence', 'auditor'],
  'camera:watch': ['administrator', 'supervisor', 'operator', 'dispatcher', 'civil-defence'],
  'system:view': ['administrator', 'supervisor', 'operator', 'dispatcher', 'civil-defence', 'auditor'],
  'camera:manage': ['administrator', 'supervisor'],
  'camera:audio': ['administrator'],
  'ptz:move': ['administrator', 'supervisor', 'operator', 'dispatcher', 'civil-defence'],
  'ptz:manage': ['administrator', 'supervisor'],
  'alarm:view': ['administrator', 'supervisor', 'operator', 'dispatcher', 'civil-defence', 'auditor'],
  'alarm:acknowledge': ['administrator', 'supervisor', 'operator', 'dispatcher', 'civil-defence'],
  'zone:manage': ['administrator', 'supervisor'],
  'incident:view': ['administrator', 'supervisor', 'operator', 'dispatcher', 'civil-defence', 'auditor'],
  'incident:take': ['administrator', 'supervisor', 'operator', 'dispatcher'],
  'incident:dispatch': ['administrator', 'supervisor', 'dispatcher'],
  'incident:amend': ['administrator', 'supervisor'],
  'incident:unmask': ['administrator', 'supervisor'],
  'unit:view': ['administrator', 'supervisor', 'operator', 'dispatcher', 'civil-defence', 'auditor'],
  'unit:report': ['administrator', 'patrol'],
  'unit:manage': ['administrator', 'supervisor'],
  'shift:view': ['administrator', 'supervisor', 'operator', 'dispatcher', 'patrol', 'civil-defence', 'auditor'],
  'shift:manage': ['administrator', 'supervisor'],
  'handover:write': ['administrator', 'supervisor', 'operator', 'dispatcher'],
  'catalogue:manage': ['administrator', 'supervisor'],
  'audit:read': ['administrator', 'supervisor', 'auditor'],
  'ledger:read': ['administrator', 'auditor'],
  'report:view': ['administrator', 'supervisor', 'police-liaison', 'civil-defence', 'auditor'],
  'report:detail': ['administrator', 'supervisor', 'auditor'],
  'report:export': ['administrator', 'supervisor', 'auditor'],
  'replay:view': ['administrator', 'supervisor', 'auditor'],
  'setting:manage': ['administrator'],
  'account:manage': ['administrator'],
};

describe('the permission table', () => {
  it.each(PERMISSIONS)('gives %s to exactly those who should have it', (permission) => {
    expect(ROLES.filter((role) => allows(role, permission))).toEqual(WHO[permission]);
  });

  it.each(ROLES)('lists for a %s what it allows, each once', (role) => {
    const listed = permissionsOf(role);
    expect([...listed].sort()).toEqual(PERMISSIONS.filter((permission) => allows(role, permission)).sort());
    expect(new Set(listed).size).toBe(listed.length);
  });

  it('keeps live video from those outside the centre', () => {
    const outside: Role[] = ['patrol', 'police-liaison', 'auditor'];
    expect(outside.filter((role) => allows(role, 'camera:watch'))).toEqual([]);
  });

  it('gives a place in the order of steering to those who may steer, and to nobody else', () => {
    const order = ROLES.map((role) => [role, steeringPriority(role)]);
    expect(order.filter(([, priority]) => priority === 2)).toEqual([
      ['administrator', 2],
      ['supervisor', 2],
    ]);
    for (const role of ROLES) expect([role, steeringPriority(role) > 0]).toEqual([role, allows(role, 'ptz:move')]);
  });

  it('lets nobody who reads the audit manage accounts, but the administrator', () => {
    const both = ROLES.filter((role) => allows(role, 'audit:read') && allows(role, 'account:manage'));
    expect(both).toEqual(['administrator']);
  });
});
