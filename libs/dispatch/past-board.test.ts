import { describe, expect, it } from '@jest/globals';
import { PastBoard, type DispatchEvent, type Reads } from '#libs/dispatch';
import { AT_PLAZA, Desk } from './testing/desk.ts';

const NOTHING: Reads = { incidentIds: [], unitIds: [] };

/** Two incidents, the first of which is closed; a unit is with the second. */
function desk(): Desk {
  const made = new Desk();
  const open = (incidentId: string) =>
    made.do({
      kind: 'openIncident',
      incidentId,
      code: incidentId,
      channel: 'TEL_LOCAL',
      typeCode: 'ORD-01',
      place: AT_PLAZA,
    });
  const profile = {
    callSign: 'H-1',
    kind: 'MOV',
    vehicle: null,
    equipment: [],
    sectorId: null,
    checkInEveryMs: null,
  } as const;
  made.do({ kind: 'registerUnit', unitId: 'u', profile });
  open('old');
  made.do({ kind: 'dismiss', incidentId: 'old', cause: 'false-call', note: '' });
  open('one');
  open('two');
  made.do({ kind: 'assign', incidentId: 'one', unitId: 'u', assignmentId: 'a', overrideReason: 'de turno' });
  return made;
}

const lastOf = (made: Desk): DispatchEvent => made.log.at(-1)!;

describe('the board of the past', () => {
  it('shows what was live and in service, carried on event by event', () => {
    const made = desk();
    const past = new PastBoard();
    const codes = made.log.map((event) => {
      expect(past.lacks(event)).toEqual(NOTHING);
      past.take(event);
      return past.open().incidents.map(({ code }) => code);
    });
    expect(codes.at(-1)).toEqual(['one', 'two']);
    expect(codes).toContainEqual(['old']);
    expect(past.open().units).toEqual([...made.board.units.values()]);
  });

  it('lacks what was over at its checkpoint, until that is handed in', () => {
    const made = desk();
    const past = new PastBoard({ incidents: [made.board.incident('one')!], units: [] });
    made.do({ kind: 'reopen', incidentId: 'old', reason: 'Volvieron' });
    expect(past.lacks(lastOf(made))).toEqual({ incidentIds: ['old'], unitIds: [] });
    expect(() => past.take(lastOf(made))).toThrow('not on the board');
    past.add({ incidents: [{ ...made.board.incident('old')!, reopenings: [], life: { kind: 'open' } }], units: [] });
    expect(past.lacks(lastOf(made))).toEqual(NOTHING);
    past.take(lastOf(made));
    expect(past.open().incidents.map(({ id }) => id)).toEqual(['one', 'old']);
  });

  it('knows the units that a merge moves only by its incident, and keeps what is later', () => {
    const made = desk();
    const [one, two, unit] = [made.board.incident('one')!, made.board.incident('two')!, made.board.unit('u')!];
    made.do({ kind: 'merge', incidentId: 'one', survivorId: 'two', moveUnits: true });
    const past = new PastBoard();
    expect(past.lacks(lastOf(made))).toEqual({ incidentIds: ['one', 'two'], unitIds: [] });
    past.add({ incidents: [one, two], units: [] });
    expect(past.lacks(lastOf(made))).toEqual({ incidentIds: [], unitIds: ['u'] });
    past.add({ incidents: [], units: [unit] });
    past.take(lastOf(made));
    past.add({ incidents: [two], units: [unit] });
    expect(past.incident('two')).toEqual(made.board.incident('two'));
    expect(past.unit('u')).toEqual(made.board.unit('u'));
  });
});
