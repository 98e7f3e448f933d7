import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Result } from '#libs/base';
import {
  DEFAULT_SHIFTS,
  DEFAULT_SHIFT_RULES,
  HANDOVER_SECTIONS,
  ShiftTable,
  countersign,
  distributeCameras,
  openHandover,
  renewFacts,
  reopen,
  saveSection,
  sign,
  signedContent,
  type Handover,
  type HandoverFacts,
  type HandoverSection,
  type Signature,
} from '#libs/shift';

const HOUR = 3_600_000;
const RULES = DEFAULT_SHIFT_RULES;
const lima = (hour: number): number => Date.UTC(2026, 10, 20, 5) + hour * HOUR;
const shift = new ShiftTable(DEFAULT_SHIFTS).find('2026-11-20/manana')!;
const codeOf = (result: Result<unknown>) => (result.ok ? null : result.refusal.code);
const value = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(result.refusal.code);
  return result.value;
};
const by = (name: string, hour: number): Signature => ({ by: name, name, atMs: lima(hour) });
const facts = (hour: number): HandoverFacts => ({
  takenAtMs: lima(hour),
  incidents: [],
  camerasDown: [],
  alarms: [],
  centreStaff: [],
  fieldStaff: [],
  patrols: [],
  highlights: [],
  camerasOnline: 0,
  camerasAll: 0,
  cut: false,
});
const begun = (): Handover => value(openHandover(shift, facts(13), by('ana', 13), RULES));
const revisionsOf = ({ sections }: Handover) =>
  Object.fromEntries(HANDOVER_SECTIONS.map((one) => [one, sections[one].revision])) as Record<HandoverSection, number>;
const filled = (): Handover =>
  HANDOVER_SECTIONS.reduce((book, one) => value(saveSection(book, one, 'Sin novedad.', 0, by('ana', 13.5))), begun());
const signed = (): Handover => value(sign(filled(), revisionsOf(filled()), facts(14), by('ana', 14)));

describe('a handover', () => {
  it('is begun in the day before the end of its shift', () => {
    const early = { ...by('ana', 0), atMs: shift.endMs - RULES.handoverEarlyMs - 1 };
    expect(codeOf(openHandover(shift, facts(0), early, RULES))).toBe('handover-too-early');
    expect(begun().sections.highlights).toEqual({ text: '', revision: 0, saved: null });
  });

  it('is saved by section, and who comes second is told what stands there', () => {
    const book = value(saveSection(begun(), 'occurrences', 'Cámara CAM-04 sin señal.', 0, by('ana', 13)));
    const second = saveSection(book, 'occurrences', 'Otra cosa', 0, by('beto', 13));
    expect(second).toMatchObject({
      ok: false,
      refusal: {
        code: 'handover-changed',
        details: { section: 'occurrences', revision: 1, text: 'Cámara CAM-04 sin señal.', by: 'ana' },
      },
    });
    expect(codeOf(saveSection(book, 'highlights', 'x', 0, by('beto', 13)))).toBeNull();
  });

  it('loses no text that was taken, however two writers interleave', () => {
    const step = fc.record({
      writer: fc.nat(1),
      section: fc.constantFrom(...HANDOVER_SECTIONS),
      refetch: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let book = begun();
        const taken = new Map<HandoverSection, string>();
        const screens = [book, book];
        steps.forEach(({ writer, section, refetch }, at) => {
          if (refetch) screens[writer] = book;
          const seen = screens[writer]!.sections[section];
          const text = `${seen.text}\n${writer}:${at}`;
          const result = saveSection(book, section, text, seen.revision, by(`w${writer}`, 13));
          // Taken only on top of what the writer had seen: every line that was ever taken is still there.
          if (result.ok) {
            expect(text.startsWith(taken.get(section) ?? '')).toBe(true);
            taken.set(section, text);
            book = result.value;
            screens[writer] = book;
          } else expect(book.sections[section].revision).not.toBe(seen.revision);
        });
        for (const [section, text] of taken) expect(book.sections[section].text).toBe(text);
      }),
      { numRuns: 100 },
    );
  });

  it('is signed as it was read, with every section written', () => {
    expect(codeOf(sign(begun(), revisionsOf(begun()), facts(14), by('ana', 14)))).toBe('handover-section-empty');
    const stale = { ...revisionsOf(filled()), highlights: 0 };
    expect(sign(filled(), stale, facts(14), by('ana', 14))).toMatchObject({
      refusal: { code: 'handover-changed', details: { section: 'highlights', text: 'Sin novedad.' } },
    });
    expect(signed()).toMatchObject({
      state: { kind: 'signed', signed: { by: 'ana' } },
      facts: { takenAtMs: lima(14) },
    });
    expect(codeOf(saveSection(signed(), 'highlights', 'x', 1, by('ana', 14)))).toBe('handover-locked');
    expect(codeOf(sign(signed(), revisionsOf(signed()), facts(14), by('ana', 14)))).toBe('handover-locked');
    expect(codeOf(renewFacts(signed(), facts(15)))).toBe('handover-locked');
  });

  it('takes no text when its shift is over for long; then it is signed as it is, or reopened', () => {
    expect(codeOf(saveSection(begun(), 'highlights', 'x', 0, by('ana', 15.9)))).toBeNull();
    expect(codeOf(saveSection(begun(), 'highlights', 'x', 0, by('ana', 16)))).toBe('handover-overdue');
    expect(codeOf(renewFacts(begun(), facts(16)))).toBe('handover-overdue');
    expect(codeOf(sign(begun(), revisionsOf(begun()), facts(16), by('ana', 16)))).toBeNull();
    expect(codeOf(reopen(begun(), ' ', by('jefe', 17), RULES))).toBe('handover-reason-missing');
    const again = value(reopen(signed(), 'faltó el kilometraje', by('jefe', 17), RULES));
    expect(again).toMatchObject({ reopenings: [{ by: 'jefe', reason: 'faltó el kilometraje' }] });
    expect(codeOf(saveSection(again, 'patrolReport', 'km 120', 1, by('ana', 18)))).toBeNull();
  });

  it('is countersigned by somebody else, and then stands', () => {
    expect(codeOf(countersign(filled(), by('beto', 14)))).toBe('handover-not-signed');
    expect(codeOf(countersign(signed(), by('ana', 14)))).toBe('handover-own-countersign');
    const done = value(countersign(signed(), by('beto', 14.2)));
    expect(done.state).toMatchObject({ kind: 'countersigned', signed: { by: 'ana' }, countersigned: { by: 'beto' } });
    expect(signedContent(done)).toEqual(signedContent(signed()));
    for (const result of [
      reopen(done, 'olvido', by('jefe', 15), RULES),
      saveSection(done, 'highlights', 'x', 1, by('ana', 15)),
      sign(done, revisionsOf(done), facts(15), by('ana', 15)),
      countersign(done, by('eva', 15)),
    ])
      expect(codeOf(result)).toBe('handover-countersigned');
  });

  it('shares cameras evenly', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.uniqueArray(fc.uuid(), { maxLength: 40 }), (watchers, cameras) => {
        const shares = distributeCameras(watchers, cameras);
        expect(shares.flat().toSorted()).toEqual(cameras.toSorted());
        const sizes = shares.map(({ length }) => length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 50 },
    );
    expect(distributeCameras(0, ['c1'])).toEqual([]);
  });
});
