import { describe, expect, it } from '@jest/globals';
import type { DispatchAlarmView } from '#libs/wire';
import { AlarmWatch } from './alarm-watch.ts';
import { parseCommand, unitNamed } from './command-text.ts';
import { actionOf, LETTER_KEYS } from './desk-keys.ts';

const NOWHERE = { typing: false, inDialog: false, onControl: false, letters: true };
const press = (key: string, change = {}) => ({ key, ctrlKey: false, altKey: false, metaKey: false, ...change });

describe('keys', () => {
  it('mean what the help says, each one thing', () => {
    expect(actionOf(press('F2'), NOWHERE)).toBe('new');
    expect(actionOf(press('P'), NOWHERE)).toBe('pnp');
    expect(actionOf(press('Enter'), NOWHERE)).toBe('assign');
    expect(actionOf(press('3'), NOWHERE)).toBe('digit-3');
    expect(new Set(Object.values(LETTER_KEYS)).size).toBe(Object.keys(LETTER_KEYS).length);
  });

  it('leave typing, dialogs, buttons and the browser alone', () => {
    expect(actionOf(press('p'), { ...NOWHERE, typing: true })).toBeUndefined();
    expect(actionOf(press('F2'), { ...NOWHERE, typing: true })).toBe('new');
    expect(actionOf(press('F2'), { ...NOWHERE, inDialog: true })).toBeUndefined();
    expect(actionOf(press('Enter'), { ...NOWHERE, onControl: true })).toBeUndefined();
    expect(actionOf(press('p', { ctrlKey: true }), NOWHERE)).toBeUndefined();
  });

  it('of one letter can be switched off', () => {
    expect(actionOf(press('p'), { ...NOWHERE, letters: false })).toBeUndefined();
    expect(actionOf(press('2'), { ...NOWHERE, letters: false })).toBeUndefined();
    expect(actionOf(press('F2'), { ...NOWHERE, letters: false })).toBe('new');
  });
});

describe('the command bar', () => {
  it.each([
    ['248', { kind: 'select', number: '248' }],
    ['2026-000248', { kind: 'select', number: '248' }],
    ['a móvil 03', { kind: 'assign', unit: 'móvil 03' }],
    ['LUGAR m3', { kind: 'unit', act: 'arrive', unit: 'm3' }],
    ['qap pie 7', { kind: 'unit', act: 'checkIn', unit: 'pie 7' }],
    ['nota Huyen  por la costanera', { kind: 'note', text: 'Huyen por la costanera' }],
    ['p', { kind: 'press', key: 'p' }],
    ['Bomberos', { kind: 'press', key: 'b' }],
  ])('understands %j', (text, command) => expect(parseCommand(text)).toEqual(command));

  it.each(['', 'asignar', 'p ahora', 'xyz', 'a'.repeat(9_000)])('guesses nothing from %j', (text) => {
    expect(parseCommand(text)).toBeUndefined();
  });

  it('finds a unit by its name, its number, or not at all', () => {
    const units = ['Móvil 03', 'Móvil 13', 'Moto 03', 'PI-02 PNP'].map((callSign) => ({ callSign }));
    expect(unitNamed(units, 'movil 3')?.callSign).toBe('Móvil 03');
    expect(unitNamed(units, 'mov3')?.callSign).toBe('Móvil 03');
    expect(unitNamed(units, 'pi 2')?.callSign).toBe('PI-02 PNP');
    expect(unitNamed(units, 'm 3')).toBeUndefined();
    expect(unitNamed(units, '')).toBeUndefined();
  });
});

describe('alarms', () => {
  const alarm = (id: string, kind: DispatchAlarmView['kind'], change = {}): DispatchAlarmView => ({
    id,
    kind,
    unitId: null,
    incidentId: null,
    sinceMs: 0,
    level: 'overdue',
    acknowledged: false,
    ...change,
  });

  it('sound when they are new and again while nobody answers; a cry for help before all', () => {
    const watch = new AlarmWatch();
    const late = alarm('late', 'check-in-overdue');
    expect(watch.due([late], 0)).toBe('alarm');
    expect(watch.due([late], 1_000)).toBeNull();
    expect(watch.due([late, alarm('sos', 'sos')], 2_000)).toBe('sos');
    expect(watch.due([late, alarm('sos', 'sos')], 6_000)).toBe('sos');
    watch.acknowledge('sos');
    expect(watch.due([late, alarm('sos', 'sos')], 12_000)).toBeNull();
    expect(watch.due([late], 15_000)).toBe('alarm');
  });

  it('that were acknowledged are silent, and new again when they come back', () => {
    const watch = new AlarmWatch();
    const one = alarm('u', 'unanswered-assignment');
    watch.due([one], 0);
    watch.acknowledge('u');
    expect(watch.due([one], 60_000)).toBeNull();
    expect(watch.waiting([one])).toEqual([]);
    watch.due([], 61_000);
    expect(watch.due([one], 62_000)).toBe('alarm');
    expect(watch.due([alarm('v', 'sos', { acknowledged: true })], 63_000)).toBeNull();
  });

  it('of a late incident sound once', () => {
    const watch = new AlarmWatch();
    expect(watch.due([alarm('i', 'incident-overdue')], 0)).toBe('notice');
    expect(watch.due([alarm('i', 'incident-overdue')], 600_000)).toBeNull();
  });
});
