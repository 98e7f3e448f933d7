import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MAX_IDS_PER_MESSAGE, movesMessage, readMovesMessage } from './moves-message.ts';

const ids = fc.array(fc.uuid(), { maxLength: MAX_IDS_PER_MESSAGE });

describe('messages of moves', () => {
  it('say what was said, within what PostgreSQL takes', () => {
    fc.assert(
      fc.property(fc.uuid(), ids, (speakerId, unitIds) => {
        const payload = movesMessage(speakerId, unitIds);
        expect(Buffer.byteLength(payload)).toBeLessThan(8_000);
        expect(readMovesMessage(payload)).toEqual({ speakerId, unitIds });
      }),
      { numRuns: 50 },
    );
    const [one] = fc.sample(fc.uuid(), 1) as [string];
    const full = movesMessage(
      one,
      Array.from({ length: MAX_IDS_PER_MESSAGE }, () => one),
    );
    expect(Buffer.byteLength(full)).toBeLessThan(8_000);
    expect(readMovesMessage(full)?.unitIds).toHaveLength(MAX_IDS_PER_MESSAGE);
  });

  it('are not read from anything else', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const read = readMovesMessage(text);
        if (read) expect(movesMessage(read.speakerId, read.unitIds)).toHaveLength(text.length);
      }),
    );
    for (const text of ['', 'x'.repeat(21), '!'.repeat(22), 'A'.repeat(22 * 1_000)])
      expect(readMovesMessage(text)).toBeUndefined();
  });
});
