import { describe, expect, it } from '@jest/globals';
import { DiscontinuityBase } from './discontinuity-base.ts';

const playlist = (sequence: number | null): string =>
  `#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:1795367473\n${sequence === null ? '' : `#EXT-X-DISCONTINUITY-SEQUENCE:${sequence}\n`}#EXTINF:1.0,\nseg.m4s\n`;

describe('discontinuity base', () => {
  it('counts from the first playlist of the line', () => {
    const base = new DiscontinuityBase();
    expect(base.rebase(playlist(1_795_367_195))).toBe(playlist(0));
    expect(base.rebase(playlist(1_795_367_195))).toBe(playlist(0));
    expect(base.rebase(playlist(1_795_367_198))).toBe(playlist(3));
  });

  it('never goes below zero and leaves a playlist without one alone', () => {
    const base = new DiscontinuityBase();
    expect(base.rebase(playlist(null))).toBe(playlist(null));
    base.rebase(playlist(5));
    expect(base.rebase(playlist(2))).toBe(playlist(0));
  });
});
