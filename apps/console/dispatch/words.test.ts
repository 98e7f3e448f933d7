import { describe, expect, it } from '@jest/globals';
import { DISPATCH_EVENT_KINDS } from '#libs/dispatch';
import type { TimelineEntry } from '#libs/wire';
import { sayIn } from '../i18n/messages.ts';
import { driveTime, otherReasons, reasonWords, type RecommendedUnit } from './reason-words.ts';
import { storyOf } from './story.ts';

const say = sayIn('es');
const NAMES = {
  incidentCode: () => '0248',
  sectorName: () => 'Puerto 1',
  callSign: () => 'Móvil 03',
  typeName: (code: string) => `${code} Robo`,
};

describe('reasons of a recommendation', () => {
  const travel = { durationMs: 110_000, distanceM: 640, estimated: true };
  const unit: RecommendedUnit = {
    unitId: 'u',
    callSign: 'Móvil 03',
    scoreMs: 0,
    travel,
    needsOverride: true,
    preempts: null,
    reasons: [
      { factor: 'travel', travel, penaltyMs: 110_000 },
      { factor: 'right-kind', kind: 'MOV', penaltyMs: 0 },
      { factor: 'old-fix', ageMs: 65_000, penaltyMs: 20_000 },
      { factor: 'workload', assignments: 0, busyMs: 0, penaltyMs: 0 },
      { factor: 'needs-reason', code: 'unit-resting', penaltyMs: 60_000 },
      { factor: 'uncovers', sectorId: 's', left: 0, needed: 1, penaltyMs: 30_000 },
      { factor: 'preempts', incidentId: 'i', priority: 'P3', penaltyMs: 1 },
      { factor: 'lacks-skill', skill: 'paramedic', penaltyMs: 2 },
    ],
  };
  const words = (reasons = unit.reasons): string[] => reasons.map((one) => reasonWords(one, say, 'es', NAMES));

  it('are said in words, what weighs most first', () => {
    expect(words([unit.reasons[0]!])).toEqual(['≈ 1:50 · 640 m']);
    expect(words(otherReasons(unit))).toEqual([
      'en descanso',
      'deja Puerto 1 sin cobertura',
      'posición de hace 1 min',
      'sin paramédico',
      'dejaría 0248 (P3)',
      'camioneta',
    ]);
  });

  it('tell a drive in minutes and seconds', () => {
    expect([0, 59_999, 110_000, 3_700_000].map(driveTime)).toEqual(['0:00', '0:59', '1:50', '1:01:40']);
  });
});

describe('the timeline', () => {
  const entry = (event: object, hidden: TimelineEntry['hidden'] = []): TimelineEntry => ({
    seq: 1,
    atMs: 100_000,
    by: 'a',
    byName: 'Ana',
    hidden,
    event: event as TimelineEntry['event'],
  });
  const told = (event: object, hidden?: TimelineEntry['hidden']) => storyOf(entry(event, hidden), say, NAMES);

  it('says who did what', () => {
    expect(told({ kind: 'assignment:made', unitId: 'u', override: { codes: [], reason: 'única cerca' } })).toEqual({
      text: 'Asignada Móvil 03',
      note: 'única cerca',
    });
    expect(told({ kind: 'incident:referred', agency: 'BOM', note: 'autobomba' })).toEqual({
      text: 'Derivada a Bomberos',
      note: 'autobomba',
    });
    expect(told({ kind: 'assignment:advanced', unitId: 'u', phase: 'on-scene', reachedAtMs: 40_000 }).note).toMatch(
      /^ocurrió \d\d:\d\d:\d\d$/,
    );
    expect(told({ kind: 'incident:classified', priority: 'P1', classification: { typeCode: 'PAT-02' } }).text).toBe(
      'Clasificada PAT-02 Robo · P1',
    );
  });

  it('says that a narrative is hidden', () => {
    expect(told({ kind: 'incident:narrated', narrative: { text: '' } }, ['texts']).note).toBe('reservado');
  });

  it('has words for every kind of an incident, also when its fields were taken out', () => {
    for (const kind of DISPATCH_EVENT_KINDS.filter((one) => !one.startsWith('unit:'))) {
      expect({ kind, text: told({ kind }).text }).not.toEqual({ kind, text: say('story.other') });
      expect(told({ kind }).text).not.toMatch(/[{}]|undefined/);
    }
  });
});
