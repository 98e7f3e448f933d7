import { describe, expect, it } from '@jest/globals';
import { draftOf, heard, isUnsaved, settle, taken } from './section-draft.ts';

const begun = draftOf({ text: 'Sin novedad.', revision: 3 });
const typed = { ...begun, text: 'CAM-04 sin señal.' };
const theirs = { text: 'Caso 12 abierto.', revision: 4, by: 'Omar' };

describe('a section that is written', () => {
  it('is saved when it differs, and keeps what was typed while it was being saved', () => {
    expect([isUnsaved(begun), isUnsaved({ ...begun, text: 'Sin novedad. ' }), isUnsaved(typed)]).toEqual([
      false,
      false,
      true,
    ]);
    const more = taken({ ...typed, text: 'CAM-04 sin señal. Y CAM-05.' }, typed.text, 4);
    expect([more.base, isUnsaved(more)]).toEqual([4, true]);
    expect(isUnsaved(taken(typed, typed.text, 4))).toBe(false);
  });

  it('shows what others wrote, and never over words that are not saved', () => {
    expect(heard(begun, theirs)).toEqual(draftOf(theirs));
    expect(heard(typed, { ...theirs, revision: 3 })).toBe(typed);
    const both = heard(typed, theirs);
    expect(both).toMatchObject({ text: typed.text, conflict: theirs });
    expect(isUnsaved(both)).toBe(false);
    expect(heard(both, { ...theirs, text: 'Otra vez.', revision: 5 })).toMatchObject({ conflict: { revision: 5 } });
  });

  it('is settled with theirs, both or mine, on top of what stands', () => {
    const both = heard(typed, theirs);
    expect(settle(both, 'theirs')).toEqual(draftOf(theirs));
    expect(settle(both, 'both')).toMatchObject({
      text: 'Caso 12 abierto.\nCAM-04 sin señal.',
      base: 4,
      conflict: null,
    });
    expect(settle(both, 'mine')).toMatchObject({ text: typed.text, base: 4, saved: theirs.text, conflict: null });
    expect(settle(typed, 'both')).toBe(typed);
  });
});
