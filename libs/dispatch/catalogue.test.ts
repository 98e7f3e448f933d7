import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AGENCIES, seedTypes, UNIT_KINDS, foldWords, normalisePhone, typeSearch } from '#libs/dispatch';
import { isOneSlipAway } from './type-search.ts';

const SEED_TYPES = seedTypes();
const codes = (...tests: ((type: (typeof SEED_TYPES)[number]) => boolean)[]): string[] =>
  SEED_TYPES.filter((type) => tests.every((test) => test(type))).map(({ code }) => code);

/** The catalogue of the domain notes written down a second time, by column. */
const GROUP_SIZES = { PAT: 12, VID: 8, VIF: 5, ORD: 9, DRO: 4, TRA: 5, FIS: 4, EME: 9, SER: 7 };
const P1 =
  'PAT-02 PAT-03 PAT-05 PAT-09 VID-01 VID-02 VID-03 VID-04 VID-06 VID-07 VIF-01 VIF-02 VIF-03 VIF-04 ORD-01 ORD-05 ' +
  'ORD-06 DRO-03 DRO-04 TRA-01 EME-01 EME-02 EME-03 EME-04 EME-05 EME-06 EME-07 EME-08 EME-09';
const P4 = 'PAT-12 TRA-04 FIS-04 SER-02 SER-04 SER-05 SER-06 SER-07';
const MASKED =
  'PAT-09 VID-03 VID-04 VID-05 VID-06 VID-07 VID-08 VIF-01 VIF-02 VIF-03 VIF-04 VIF-05 ORD-08 FIS-03 EME-02';
const EDAN = 'EME-01 EME-04 EME-05 EME-06 EME-07 EME-08 EME-09';

describe('the catalogue', () => {
  it('has the 58 types of the domain notes and five that are switched off', () => {
    const sizes = Object.fromEntries(
      Object.keys(GROUP_SIZES).map((group) => [group, codes((type) => type.group === group).length]),
    );
    expect(sizes).toEqual(GROUP_SIZES);
    expect(codes((type) => type.enabled)).toHaveLength(58);
    expect(new Set(codes()).size).toBe(63);
  });

  it('has the priorities and flags of the domain notes', () => {
    expect(codes(({ priority }) => priority === 'P1').join(' ')).toBe(P1);
    expect(codes(({ priority }) => priority === 'P4').join(' ')).toBe(P4);
    expect(codes(({ masked }) => masked).join(' ')).toBe(MASKED);
    expect(codes(({ edan }) => edan).join(' ')).toBe(EDAN);
    expect(codes(({ video }) => video)).toHaveLength(27);
  });

  it('sends everybody only where everybody goes', () => {
    expect(codes(({ everyUnit }) => everyUnit)).toEqual(['VIF-04', 'EME-05', 'EME-06']);
    expect(codes(({ everyAgency }) => everyAgency)).toEqual(['EME-06']);
  });

  it('names agencies and units that exist, each once', () => {
    for (const { code, agencies, unitKinds } of SEED_TYPES) {
      expect([code, agencies.filter((agency) => !(agency in AGENCIES))]).toEqual([code, []]);
      expect([code, unitKinds.filter((kind) => !(kind in UNIT_KINDS))]).toEqual([code, []]);
      expect([code, new Set(agencies).size]).toEqual([code, agencies.length]);
    }
    expect(SEED_TYPES.flatMap(({ words }) => words).filter((word) => word === '')).toEqual([]);
  });
});

describe('the search of types', () => {
  const search = typeSearch(SEED_TYPES);
  const first = (query: string): string | undefined => search.find(query)[0]?.type.code;

  it.each([
    ['pelea', 'ORD-01'],
    ['PELEA', 'ORD-01'],
    ['riña', 'ORD-01'],
    ['robo', 'PAT-02'],
    ['asalto', 'PAT-02'],
    ['robo arma', 'PAT-03'],
    ['robo de moto', 'PAT-06'],
    ['violencia familiar', 'VIF-01'],
    ['maltrato', 'VIF-01'],
    ['choque', 'TRA-02'],
    ['choque con heridos', 'TRA-01'],
    ['incendio', 'EME-01'],
    ['fuego', 'EME-01'],
    ['ruido', 'ORD-03'],
    ['bulla', 'ORD-03'],
    ['maremoto', 'EME-06'],
    ['ord-05', 'ORD-05'],
    ['ord05', 'ORD-05'],
    ['vif', 'VIF-01'],
    ['inendio', 'EME-01'],
    ['sospehcoso', 'ORD-04'],
  ])('finds %s as %s', (query, code) => {
    expect(first(query)).toBe(code);
  });

  it('does not offer what is switched off, nor anything for nothing', () => {
    expect(search.find('mordedura')).toEqual([]);
    expect(search.find('')).toEqual([]);
    expect(search.find('de la')).toEqual([]);
    expect(search.find('zzzz')).toEqual([]);
  });

  it('finds every enabled type by its code and by its whole name', () => {
    for (const { code, name } of SEED_TYPES.filter(({ enabled }) => enabled)) {
      expect(first(code.toLowerCase())).toBe(code);
      expect(search.find(name).map(({ type }) => type.code)).toContain(code);
    }
  });

  it('answers anything typed, always the same, best first', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (query) => {
        const hits = search.find(query);
        expect(hits.length).toBeLessThanOrEqual(8);
        expect(search.find(query)).toEqual(hits);
        for (let i = 1; i < hits.length; i++) expect(hits[i]!.score).toBeLessThanOrEqual(hits[i - 1]!.score);
      }),
      { numRuns: 300 },
    );
  });

  it('forgives one slip and no more', () => {
    expect(['inendio', 'incendioo', 'incemdio', 'icnendio'].map((word) => isOneSlipAway('incendio', word))).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(['incendio', 'inendi', 'oicnendi'].map((word) => isOneSlipAway('incendio', word))).toEqual([
      false,
      false,
      false,
    ]);
  });

  it('folds accents and signs away', () => {
    expect(foldWords('  Vía pública/¡SO₂!  ')).toBe('via publica so₂');
  });
});

describe('a telephone number', () => {
  it.each([
    ['953 123 456', '+51953123456'],
    ['+51 953-123-456', '+51953123456'],
    ['0051953123456', '+51953123456'],
    ['51953123456', '+51953123456'],
    ['053-781234', '+5153781234'],
    ['(053) 78-1234', '+5153781234'],
    ['781234', '+5153781234'],
    ['01 234 5678', '+5112345678'],
    ['105', '105'],
    ['1818', '1818'],
    ['0800 12345', '080012345'],
    ['+56 9 8765 4321', '+56987654321'],
  ])('%s is kept as %s', (typed, kept) => {
    expect(normalisePhone(typed)).toEqual({ ok: true, value: kept });
  });

  it.each([
    '',
    '12',
    '999',
    '99999',
    '95312345',
    '9531234567',
    '053-7812345',
    'abc',
    '+0123456789',
    '<script>',
    '1'.repeat(500),
  ])('%s is none', (typed) => {
    expect(normalisePhone(typed)).toMatchObject({ ok: false, refusal: { code: 'phone-malformed' } });
  });

  it('normalised twice is the same', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[+0-9 ()-]{0,20}$/), (typed) => {
        const once = normalisePhone(typed);
        if (once.ok) expect(normalisePhone(once.value)).toEqual(once);
      }),
      { numRuns: 2_000 },
    );
  });
});
