import { describe, expect, it } from '@jest/globals';
import {
  PERSONAL_FIELDS,
  ROLES,
  redactEventFor,
  redactFor,
  viewOf,
  type Audience,
  type Role,
  type Sight,
} from '#libs/access';
import {
  DEFAULT_DISPATCH_RULES,
  MemoryBoard,
  catalogueOf,
  decide,
  evolve,
  seedTypes,
  type DispatchCommand,
  type DispatchEvent,
  type Incident,
} from '#libs/dispatch';

const NOW = Date.UTC(2026, 10, 20, 15);
const POINT = { latitudeDeg: -17.645_912, longitudeDeg: -71.345_387 };

/** An incident in which every word that a person can type is marked. */
function marked(typeCode: string, closed: boolean, mayBeNamed = false): { incident: Incident; log: DispatchEvent[] } {
  const board = new MemoryBoard();
  const log: DispatchEvent[] = [];
  let nowMs = NOW;
  const act = (command: DispatchCommand): void => {
    const context = {
      nowMs: (nowMs += 1_000),
      by: 'ana',
      catalogue: catalogueOf(seedTypes()),
      roll: null,
      rules: DEFAULT_DISPATCH_RULES,
      crewElsewhere: () => false,
    };
    const decided = decide(board, command, context);
    if (!decided.ok) throw new Error(`${command.kind}: ${decided.refusal.code}`);
    for (const event of decided.value) {
      log.push(event);
      board.take(evolve(board, event));
    }
  };
  const place = { point: POINT, sectorId: 's1', address: 'DIRECCION', reference: 'REFERENCIA' };
  const call = {
    id: 'c',
    channel: 'TEL_LOCAL',
    receivedAtMs: NOW,
    callerName: 'NOMBRE APELLIDO',
    callerPhone: '953123456',
    callerAddress: 'DOMICILIO',
    callerPoint: POINT,
    mayBeNamed,
  } as const;
  const to = { incidentId: 'i', unitId: 'u' };
  const profile = {
    callSign: 'Halcón',
    kind: 'MOV',
    vehicle: null,
    equipment: [],
    sectorId: null,
    checkInEveryMs: null,
  } as const;
  const narrative = { id: 'n', text: 'NARRACION' };
  act({ kind: 'openIncident', incidentId: 'i', code: '1', channel: 'TEL_LOCAL', call, typeCode, place, narrative });
  act({ kind: 'relocate', incidentId: 'i', place });
  act({ kind: 'setPriority', incidentId: 'i', priority: 'P2', reason: 'MOTIVO' });
  act({ kind: 'refer', incidentId: 'i', referralId: 'r', agency: 'PNP', note: 'NOTA' });
  act({ kind: 'referralDeclined', incidentId: 'i', referralId: 'r', takenBy: 'SO3', reason: 'MOTIVO' });
  act({ kind: 'requestBackup', incidentId: 'i', note: 'NOTA' });
  act({ kind: 'registerUnit', unitId: 'u', profile });
  act({ kind: 'assign', ...to, assignmentId: 'a', overrideReason: 'MOTIVO' });
  act({ kind: 'arrive', ...to });
  act({ kind: 'transport', ...to, destination: 'DESTINO' });
  act({ kind: 'correctStatus', ...to, phase: 'on-scene', reason: 'MOTIVO' });
  if (closed) {
    act({ kind: 'clear', ...to, note: 'NOTA' });
    act({ kind: 'close', incidentId: 'i', disposition: 'attended', note: 'NOTA' });
    act({ kind: 'reopen', incidentId: 'i', reason: 'MOTIVO' });
    act({ kind: 'close', incidentId: 'i', disposition: 'attended', note: 'NOTA' });
    act({ kind: 'amend', incidentId: 'i', reason: 'MOTIVO', disposition: 'nothing-found' });
  }
  return { incident: board.incident('i')!, log };
}

const plain = (role: Role): Audience => ({ role, attends: false, opened: false, unmasked: false });
/** One letter a field, in the order of `PERSONAL_FIELDS`: all, part, by consent, none (-). */
const LETTER: Readonly<Record<Sight, string>> = { all: 'a', part: 'p', consent: 'c', none: '-' };
const letters = (audience: Audience, incident: Incident): string => {
  const view = viewOf(audience, incident);
  return PERSONAL_FIELDS.map((field) => LETTER[view[field]]).join('');
};

/** What every role sees, written a second time: ordinary, masked and open, masked and closed. */
const SEES: Readonly<Record<Role, readonly [string, string, string]>> = {
  administrator: ['ap-aa', 'p--p-', 'p--p-'],
  supervisor: ['aaaaa', 'p--p-', 'p--p-'],
  operator: ['aaaaa', 'p--p-', 'p--p-'],
  dispatcher: ['aaaaa', 'aaaaa', 'p--p-'],
  patrol: ['---aa', 'p--p-', 'p--p-'],
  'police-liaison': ['cccaa', 'cccaa', 'p--p-'],
  'civil-defence': ['---aa', 'p--p-', 'p--p-'],
  auditor: ['pp-aa', 'p--p-', 'p--p-'],
};

const ordinary = marked('PAT-02', false);
const open = marked('VIF-01', false);
const closed = marked('VIF-01', true);

describe('personal data', () => {
  it.each(ROLES)('is seen by a %s as the table says', (role) => {
    const seen = [ordinary, open, closed].map(({ incident }) => letters(plain(role), incident));
    expect(seen).toEqual(SEES[role]);
  });

  it('of a masked incident opens to its crew, to whoever registered it, and for a reason', () => {
    const of = (role: Role, more: Partial<Audience>, { incident } = open) =>
      letters({ ...plain(role), ...more }, incident);
    expect(of('patrol', { attends: true })).toBe('a-aaa');
    expect(of('patrol', { attends: true }, closed)).toBe('p--p-');
    expect(of('patrol', { attends: true }, ordinary)).toBe('apaaa');
    expect(of('operator', { opened: true })).toBe('aaaaa');
    expect(of('operator', { opened: true }, closed)).toBe('p--p-');
    for (const role of ROLES) {
      const may = role === 'supervisor' || role === 'administrator';
      expect([role, of(role, { unmasked: true }, closed)]).toEqual([role, may ? 'aaaaa' : 'p--p-']);
    }
  });

  it('is shortened, not only named as hidden', () => {
    const { calls, place, hidden } = redactFor(plain('auditor'), closed.incident);
    expect(hidden).toEqual(PERSONAL_FIELDS);
    expect(calls[0]).toMatchObject({ callerName: 'N. A.', callerPhone: null, callerAddress: '', callerPoint: null });
    expect(place).toEqual({
      point: { latitudeDeg: -17.646, longitudeDeg: -71.345 },
      sectorId: 's1',
      address: '',
      reference: '',
    });
    expect(redactFor(plain('auditor'), ordinary.incident).calls[0]?.callerPhone).toBe('•••456');
    expect(redactFor(plain('dispatcher'), open.incident)).toEqual({ ...open.incident, hidden: [] });
  });

  it('of what was open and not masked then is hidden as it is hidden today', () => {
    const { incident: then } = marked('PAT-02', false);
    const today = { ...then, maskedByHand: true };
    const seen = redactFor(plain('supervisor'), then, today);
    expect(seen.hidden).toEqual(PERSONAL_FIELDS);
    expect(seen.calls[0]).toMatchObject({ callerName: 'N. A.', callerPhone: null });
    expect(seen.narratives[0]!.text).toBe('');
    // What was masked then and is closed now: the dispatcher saw it then, and does not now.
    const [open, closed] = [marked('VIF-01', false).incident, marked('VIF-01', true).incident];
    expect(redactFor(plain('dispatcher'), open).hidden).toEqual([]);
    expect(redactFor(plain('dispatcher'), open, closed).hidden).toEqual(PERSONAL_FIELDS);
  });

  it('of who reports reaches the police only by consent', () => {
    const liaison = plain('police-liaison');
    expect(redactFor(liaison, ordinary.incident).calls[0]).toMatchObject({ callerName: '', callerPhone: null });
    const named = marked('PAT-02', false, true).incident;
    expect(redactFor(liaison, named).calls[0]).toMatchObject({
      callerName: 'NOMBRE APELLIDO',
      callerPhone: '+51953123456',
    });
  });

  it.each(ROLES)('of a closed masked incident: no word that was typed reaches a %s, in state or timeline', (role) => {
    const state = redactFor(plain(role), closed.incident);
    const events = closed.log
      .filter((event) => 'incidentId' in event)
      .map((event) => redactEventFor(plain(role), event, closed.incident));
    // Words of four capitals and more are the marks; codes of types and channels are none.
    const words = (thing: unknown) =>
      [...new Set(JSON.stringify(thing).match(/\b[A-ZÁÉÍÓÚ]{4,}\b/g) ?? [])].filter((word) => word !== 'LOCAL');
    expect(words(closed.incident).length).toBeGreaterThan(6);
    expect(words(state)).toEqual([]);
    expect(words(events)).toEqual([]);
    expect(JSON.stringify([state, events])).not.toContain('953123456');
    expect(JSON.stringify([state, events])).not.toContain('-17.645912');
    expect(events.map(({ kind }) => kind)).toEqual(
      closed.log.filter((event) => 'incidentId' in event).map(({ kind }) => kind),
    );
  });
});
