import { describe, expect, it } from '@jest/globals';
import {
  AGENCY_CODES,
  CALL_CAPS,
  DEFAULT_DISPATCH_RULES as RULES,
  DISPATCH_CODES,
  DISPATCH_EVENT_KINDS,
  INCIDENT_CAPS,
  UNIT_CAPS,
  checkClientClock,
  evolve,
  MemoryBoard,
  type Call,
} from '#libs/dispatch';
import { AT_PLAZA, Desk } from './testing/desk.ts';

const call = (id: string, more: Partial<Call> = {}): Call => ({
  id,
  channel: 'WHATSAPP',
  receivedAtMs: Date.UTC(2026, 10, 20, 15),
  callerName: '',
  callerPhone: null,
  callerAddress: '',
  callerPoint: null,
  mayBeNamed: false,
  ...more,
});

describe('every list of an incident has an end', () => {
  it('of calls, narratives, referrals, links and assignments', () => {
    const desk = new Desk();
    const id = desk.open('SER-02');
    const fill = (count: number, command: (n: number) => Parameters<Desk['do']>[0]): string | null => {
      for (let n = 0; n < count; n++) desk.do(command(n));
      return desk.code(command(count));
    };
    expect(fill(CALL_CAPS.callsPerIncident, (n) => ({ kind: 'addCall', incidentId: id, call: call(`c${n}`) }))).toBe(
      'calls-full',
    );
    expect(
      fill(INCIDENT_CAPS.narratives, (n) => ({
        kind: 'addNarrative',
        incidentId: id,
        narrativeId: `n${n}`,
        text: 'x',
      })),
    ).toBe('narratives-full');
    for (let n = 0; n < INCIDENT_CAPS.referrals; n++) {
      const of = { incidentId: id, referralId: `r${n}` };
      desk.do({ kind: 'refer', ...of, agency: AGENCY_CODES[n % AGENCY_CODES.length]!, note: '' });
      desk.do({ kind: 'referralDeclined', ...of, takenBy: 'SO3', reason: 'sin unidad' });
    }
    expect(desk.code({ kind: 'refer', incidentId: id, referralId: 'r', agency: 'PNP', note: '' })).toBe(
      'referrals-full',
    );
    expect(
      fill(INCIDENT_CAPS.links, () => ({ kind: 'link', incidentId: id, otherId: desk.open(), relation: 'related' })),
    ).toBe('links-full');
    const grave = desk.open('PAT-02');
    const unitId = desk.unit();
    for (let n = 0; n < INCIDENT_CAPS.assignments; n++) {
      desk.assign(grave, unitId);
      desk.do({ kind: 'withdraw', incidentId: grave, unitId, reason: 'otra' });
    }
    expect(desk.code({ kind: 'assign', incidentId: grave, unitId, assignmentId: 'z' })).toBe('assignments-full');
  });

  it('and a merge does not go over it', () => {
    const desk = new Desk();
    const [one, two] = [desk.open(), desk.open()];
    for (let n = 0; n < CALL_CAPS.callsPerIncident; n++)
      desk.do({ kind: 'addCall', incidentId: n % 2 === 0 ? one : two, call: call(`c${n}`) });
    desk.do({ kind: 'addCall', incidentId: two, call: call('more') });
    expect(desk.code({ kind: 'merge', incidentId: one, survivorId: two, moveUnits: true })).toBe('calls-full');
  });
});

describe('what is not there, or there already, is told by name', () => {
  it('of incidents and referrals', () => {
    const desk = new Desk();
    const id = desk.open();
    const open = { kind: 'openIncident', incidentId: id, code: '1', channel: 'RADIO' } as const;
    expect(desk.code(open)).toBe('incident-exists');
    const narrate = { kind: 'addNarrative', incidentId: id, narrativeId: 'n', text: '  ' } as const;
    expect(desk.code(narrate)).toBe('narrative-empty');
    expect(desk.code({ ...narrate, text: 'x', corrects: 'm' })).toBe('narrative-unknown');
    desk.do({ kind: 'requestBackup', incidentId: id, note: '' });
    expect(desk.code({ kind: 'requestBackup', incidentId: id, note: '' })).toBe('backup-already-requested');
    const taken = { kind: 'referralTaken', incidentId: id, referralId: 'r', takenBy: 'SO3', reference: '' } as const;
    expect(desk.code(taken)).toBe('referral-unknown');
    desk.do({ kind: 'refer', incidentId: id, referralId: 'r', agency: 'PNP', note: '' });
    expect(desk.code({ kind: 'refer', incidentId: id, referralId: 's', agency: 'PNP', note: '' })).toBe(
      'referral-already-open',
    );
    desk.do(taken);
    desk.do({ kind: 'control', incidentId: id });
    expect(desk.code({ kind: 'control', incidentId: id })).toBe('incident-controlled');
    desk.do({ kind: 'dismiss', incidentId: id, cause: 'not-located', note: '' });
    expect(desk.code({ kind: 'relocate', incidentId: id, place: AT_PLAZA })).toBe('incident-dismissed');
  });

  it('of units and people', () => {
    const desk = new Desk();
    const unitId = desk.unit();
    const profile = {
      callSign: 'x',
      kind: 'MOV',
      vehicle: null,
      equipment: [],
      sectorId: null,
      checkInEveryMs: null,
    } as const;
    expect(desk.code({ kind: 'registerUnit', unitId, profile })).toBe('unit-exists');
    expect(desk.code({ kind: 'changeUnit', unitId, profile: { ...profile, callSign: 'x'.repeat(25) } })).toBe(
      'text-too-long',
    );
    expect(desk.code({ kind: 'checkIn', unitId: 'none' })).toBe('unit-unknown');
    desk.do({ kind: 'endDuty', unitId, endKm: null });
    const crew = Array.from({ length: UNIT_CAPS.crew + 1 }, (_, n) => ({
      staffId: `p${n}`,
      name: 'P',
      post: 'sereno' as const,
      skills: [],
    }));
    const start = { kind: 'startDuty', unitId, shiftId: null, startKm: null } as const;
    expect(desk.code({ ...start, crew })).toBe('crew-too-large');
    desk.roll = { shiftId: 'm', unitIds: new Set(), staffIds: new Set() };
    expect(desk.code({ ...start, crew: crew.slice(0, 1), overrideReason: 'x' })).toBe('override-needs-reason');
  });
});

describe('clocks', () => {
  it('of a client may be wrong by two minutes', () => {
    expect(checkClientClock(120_000, 0, RULES)).toEqual({ ok: true, value: 120_000 });
    expect(checkClientClock(-120_001, 0, RULES)).toMatchObject({
      ok: false,
      refusal: { code: 'client-clock-off', details: { offMs: -120_001, maxMs: 120_000 } },
    });
  });

  it('of the server that is set back do not set the times of an incident back', () => {
    const desk = new Desk();
    const id = desk.open();
    const openedAtMs = desk.nowMs;
    desk.after(-60_000).do({ kind: 'addNarrative', incidentId: id, narrativeId: 'n', text: 'x' });
    expect(desk.log.at(-1)?.atMs).toBe(openedAtMs);
  });
});

it('events that name what is not on the board are a fault, not a refusal', () => {
  const event = { kind: 'unit:checkedIn', unitId: 'u', atMs: 1, by: 'x' } as const;
  expect(() => evolve(new MemoryBoard(), event)).toThrow('unit u is not on the board');
  expect(new Set(DISPATCH_EVENT_KINDS).size).toBe(DISPATCH_EVENT_KINDS.length);
  expect(Object.keys(DISPATCH_CODES).filter((code) => !/^[a-z]+(-[a-z]+)*$/.test(code))).toEqual([]);
});
