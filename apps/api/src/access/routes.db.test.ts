import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ROLES, allows, type Permission, type Role } from '#libs/access';
import type { ErrorBody } from '#libs/wire';
import { startTestApplication, type TestApplication } from '../../testing/test-application.ts';
import { RefusalAuditService } from '../audit/refusal-audit.service.ts';
import type { AccountEntity } from './account.entity.ts';
import { demandDeclaredAccess, routeTable, type RouteRow } from './route-table.ts';

/**
 * Every route, and what it asks. Written here a second time on purpose: a permission that is changed or forgotten in a
 * controller has to be changed here too, where somebody reads it.
 */
const EXPECTED: Readonly<Record<string, Permission | 'public' | 'device' | `local-or ${Permission}`>> = {
  'POST /api/session': 'public',
  'GET /api/session': 'session:own',
  'DELETE /api/session': 'session:own',
  'POST /api/session/password': 'session:own',
  'GET /api/accounts': 'account:manage',
  'POST /api/accounts': 'account:manage',
  'PATCH /api/accounts/:id': 'account:manage',
  'GET /api/audit': 'audit:read',
  'GET /api/ledger': 'ledger:read',
  'GET /api/ledger/state': 'ledger:read',
  'GET /api/ledger/key': 'ledger:read',
  'POST /api/ledger/heads': 'ledger:read',
  'POST /api/ledger/verifications': 'ledger:read',
  'GET /api/cameras': 'camera:view',
  'GET /api/cameras/:id': 'camera:manage',
  'PATCH /api/cameras/:id': 'camera:manage',
  'DELETE /api/cameras/:id': 'camera:manage',
  'POST /api/cameras/:id/credential': 'camera:manage',
  'GET /api/publishers': 'camera:manage',
  'POST /api/publishers': 'camera:manage',
  'PATCH /api/publishers/:id': 'camera:manage',
  'POST /api/publishers/:id/key': 'camera:manage',
  'DELETE /api/publishers/:id/key': 'camera:manage',
  'PUT /api/cameras/:id/audio': 'camera:audio',
  'GET /api/candidates': 'camera:manage',
  'DELETE /api/candidates/:id': 'camera:manage',
  'POST /api/candidates/:id/test': 'camera:manage',
  'POST /api/candidates/:id/adopt': 'camera:manage',
  'GET /api/discovery/runs': 'camera:manage',
  'POST /api/discovery/runs': 'camera:manage',
  'POST /api/discovery/runs/:id/cancel': 'camera:manage',
  'GET /api/settings/camera-networks': 'setting:manage',
  'PUT /api/settings/camera-networks': 'setting:manage',
  'GET /api/zones': 'zone:view',
  'POST /api/zones': 'zone:manage',
  'PATCH /api/zones/:id': 'zone:manage',
  'DELETE /api/zones/:id': 'zone:manage',
  'GET /api/zones/coverage': 'zone:view',
  'GET /api/alarms': 'alarm:view',
  'POST /api/alarms/:id/acknowledge': 'alarm:acknowledge',
  'GET /api/settings/alarms': 'alarm:view',
  'PUT /api/settings/alarms': 'setting:manage',
  'GET /api/cameras/:id/alarm-rules': 'camera:manage',
  'PUT /api/cameras/:id/alarm-rules': 'camera:manage',
  'GET /api/zones/:id/alarm-schedules': 'zone:view',
  'PUT /api/zones/:id/alarm-schedules': 'zone:manage',
  'GET /api/sectors': 'zone:view',
  'POST /api/sectors': 'zone:manage',
  'PATCH /api/sectors/:id': 'zone:manage',
  'DELETE /api/sectors/:id': 'zone:manage',
  'GET /api/places': 'zone:view',
  'POST /api/places': 'zone:manage',
  'PATCH /api/places/:id': 'zone:manage',
  'DELETE /api/places/:id': 'zone:manage',
  'GET /api/positions': 'unit:view',
  'GET /api/positions/crossings': 'unit:view',
  'GET /api/positions/metrics.csv': 'unit:manage',
  'GET /api/positions/osmand/:token': 'device',
  'POST /api/positions/osmand/:token': 'device',
  'POST /api/positions/owntracks/:token': 'device',
  'POST /api/positions/owntracks': 'device',
  'GET /api/units/:id/devices': 'unit:manage',
  'POST /api/units/:id/devices': 'unit:manage',
  'POST /api/units/:id/devices/:deviceId/token': 'unit:manage',
  'DELETE /api/units/:id/devices/:deviceId': 'unit:manage',
  'GET /api/units/:id/track': 'unit:view',
  'GET /api/units/:id/track/metrics': 'unit:view',
  'GET /api/units/:id/track.gpx': 'unit:view',
  'GET /api/units/:id/track.csv': 'unit:view',
  'GET /api/ptz': 'camera:view',
  'POST /api/cameras/:id/ptz': 'ptz:move',
  'POST /api/cameras/:id/ptz/reservation': 'ptz:move',
  'DELETE /api/cameras/:id/ptz/hold': 'ptz:move',
  'GET /api/cameras/:id/ptz/presets': 'ptz:move',
  'POST /api/cameras/:id/ptz/presets': 'ptz:manage',
  'DELETE /api/cameras/:id/ptz/presets/:token': 'ptz:manage',
  'POST /api/cameras/:id/ptz/tours': 'ptz:manage',
  'PATCH /api/ptz/tours/:id': 'ptz:manage',
  'DELETE /api/ptz/tours/:id': 'ptz:manage',
  'POST /api/ptz/tours/:id/start': 'ptz:move',
  'POST /api/ptz/tours/:id/stop': 'ptz:move',
  'POST /api/video/tickets': 'camera:watch',
  'GET /api/incident-types': 'incident:view',
  'PATCH /api/incident-types/:code': 'catalogue:manage',
  'GET /api/incidents': 'incident:view',
  'POST /api/incidents': 'incident:take',
  'GET /api/incidents/duplicates': 'incident:take',
  'GET /api/incidents/:id': 'incident:view',
  'GET /api/incidents/:id/timeline': 'incident:view',
  'GET /api/incidents/:id/recommendation': 'incident:dispatch',
  'POST /api/incidents/:id/intake': 'incident:take',
  'POST /api/incidents/:id/dispatch': 'incident:dispatch',
  'POST /api/incidents/:id/amend': 'incident:amend',
  'POST /api/incidents/:id/unmask': 'incident:unmask',
  'GET /api/calls': 'incident:take',
  'GET /api/units': 'unit:view',
  'GET /api/units/:id': 'unit:view',
  'POST /api/units': 'unit:manage',
  'PUT /api/units/:id': 'unit:manage',
  'POST /api/units/:id/retire': 'unit:manage',
  'POST /api/units/:id/duty': 'incident:dispatch',
  'POST /api/units/own/report': 'unit:report',
  'GET /api/shifts': 'shift:view',
  'GET /api/shifts/on-duty': 'shift:view',
  'GET /api/shifts/calendar': 'shift:view',
  'PUT /api/shifts/calendar/patterns': 'shift:manage',
  'PUT /api/shifts/calendar/exceptions/:date': 'shift:manage',
  'POST /api/shifts/swaps': 'shift:manage',
  'PUT /api/shifts/:date/:patternId/roster': 'shift:manage',
  'POST /api/shifts/:date/:patternId/absences': 'shift:manage',
  'POST /api/shifts/:date/:patternId/absences/lift': 'shift:manage',
  'POST /api/shifts/:date/:patternId/attendance': 'incident:dispatch',
  'POST /api/shifts/:date/:patternId/own-attendance': 'shift:view',
  'GET /api/staff': 'shift:manage',
  'POST /api/staff': 'shift:manage',
  'PATCH /api/staff/:id': 'shift:manage',
  'GET /api/handovers': 'incident:view',
  'GET /api/handovers/:date/:patternId': 'incident:view',
  'POST /api/handovers/:date/:patternId': 'handover:write',
  'PUT /api/handovers/:date/:patternId/sections': 'handover:write',
  'POST /api/handovers/:date/:patternId/facts': 'handover:write',
  'POST /api/handovers/:date/:patternId/sign': 'handover:write',
  'POST /api/handovers/:date/:patternId/reopen': 'shift:manage',
  'POST /api/handovers/:date/:patternId/countersign': 'handover:write',
  'GET /api/handovers/:date/:patternId/document.pdf': 'incident:view',
  'GET /api/handovers/:date/:patternId/document.csv': 'incident:view',
  'GET /api/reports/times': 'report:view',
  'GET /api/reports/outcomes': 'report:view',
  'GET /api/reports/map': 'report:view',
  'GET /api/reports/patrol': 'report:view',
  'GET /api/reports/cameras': 'report:view',
  'GET /api/reports/:name/file': 'report:export',
  'POST /api/replay': 'replay:view',
  'GET /api/replay/:id': 'replay:view',
  'GET /api/replay/:id/page': 'replay:view',
  'GET /api/replay/:id/tracks': 'replay:view',
  'GET /api/replay/:id/log.csv': 'replay:view',
  'GET /api/units/own/incident': 'unit:report',
  'GET /api/units/own/incident/timeline': 'unit:report',
  'GET /api/map': 'map:view',
  'GET /api/map/base.pmtiles': 'map:view',
  'GET /health/live': 'local-or system:view',
  'GET /health/ready': 'local-or system:view',
  'GET /metrics': 'local-or system:view',
  'GET /api/health/system': 'system:view',
};

let test: TestApplication;
let routes: RouteRow[];
const accounts = new Map<Role, AccountEntity>();

beforeAll(async () => {
  test = await startTestApplication();
  routes = routeTable(test.app);
  for (const role of ROLES) accounts.set(role, await test.addAccount(`cuenta-${role}`, role));
});
afterAll(() => test.close());

const nameOf = (route: RouteRow): string => `${route.method} ${route.path}`;

/** Calls a route with ids of nothing and an empty body: what it answers beyond the guard is its own business. */
function callRoute(route: RouteRow, cookie?: string): Promise<Response> {
  const path = route.path.replace(/:\w+/g, '00000000-0000-7000-8000-000000000000');
  const body = route.method === 'GET' ? undefined : {};
  // Not a local call, so that the routes for probes ask for a login too.
  const headers = { 'x-forwarded-for': '203.0.113.9' };
  return test.call(route.method, path, { headers, body, ...(cookie === undefined ? {} : { cookie }) });
}

describe('every route', () => {
  it('declares the access that is written here', () => {
    const declared = routes.map(({ access, ...route }) => {
      if (access?.kind === 'permission') return [nameOf({ ...route, access }), access.permission];
      return [
        nameOf({ ...route, access }),
        access?.kind === 'local-or' ? `local-or ${access.permission}` : access?.kind,
      ];
    });
    expect(Object.fromEntries(declared)).toEqual(EXPECTED);
  });

  it('refuses nobody-in-particular, unless it is public', async () => {
    for (const route of routes) {
      const response = await callRoute(route);
      if (EXPECTED[nameOf(route)] === 'public') expect(response.status).toBe(400);
      else expect([nameOf(route), response.status]).toEqual([nameOf(route), 401]);
    }
  });

  it.each(ROLES)('serves a %s exactly what the permission table says', async (role) => {
    for (const route of routes.filter(({ access }) => access?.kind !== 'public' && access?.kind !== 'device')) {
      const permission = EXPECTED[nameOf(route)]!.replace('local-or ', '') as Permission;
      const response = await callRoute(route, await test.cookieOf(accounts.get(role)!));
      const { code } = (await response
        .clone()
        .json()
        .catch(() => ({ code: 'none' }))) as ErrorBody;
      const passed = response.status !== 401 && code !== 'permission-missing';
      expect([nameOf(route), passed]).toEqual([nameOf(route), allows(role, permission)]);
      expect(response.status).not.toBe(500);
    }
  });

  it('serves devices by their token and nobody by a login', async () => {
    const administrator = await test.cookieOf(accounts.get('administrator')!);
    for (const route of routes.filter(({ access }) => access?.kind === 'device')) {
      const response = await callRoute(route, administrator);
      expect([nameOf(route), response.status, await response.json()]).toMatchObject([
        nameOf(route),
        401,
        { code: 'device-token-unknown' },
      ]);
    }
  });

  it('writes the refusals of permission to the audit', async () => {
    // A new minute: the refusals above have had their lines.
    test.clock.forward(60_000);
    await test.app.get(RefusalAuditService, { strict: false }).flush();
    const route = routes.find((row) => row.path === '/api/accounts' && row.method === 'GET')!;
    const auditor = accounts.get('auditor')!;
    expect((await callRoute(route, await test.cookieOf(auditor))).status).toBe(403);
    const query = `accountId=${auditor.id}&action=request:refuse&limit=1`;
    const page = await test.call('GET', `/api/audit?${query}`, { cookie: await test.cookieOf(auditor) });
    expect(((await page.json()) as { entries: unknown[] }).entries[0]).toMatchObject({
      outcome: 'refused',
      code: 'permission-missing',
      details: { permission: 'account:manage', route: 'GET /api/accounts' },
    });
  });
});

describe('demandDeclaredAccess', () => {
  it('stops the start for a route that says nothing, and names it', () => {
    const silent = { handler: 'CameraController.list', method: 'GET', path: '/api/cameras', access: undefined };
    expect(() => demandDeclaredAccess([...routes, silent])).toThrow('CameraController.list');
    expect(() => demandDeclaredAccess(routes)).not.toThrow();
  });
});

describe('a local call', () => {
  it('needs no login for probes and metrics, and only for those', async () => {
    for (const path of ['/health/live', '/health/ready', '/metrics']) {
      expect((await test.call('GET', path)).status).toBe(200);
    }
    expect((await test.call('GET', '/api/health/system')).status).toBe(401);
  });
});
