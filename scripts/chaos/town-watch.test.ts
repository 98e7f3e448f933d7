import { describe, expect, it } from '@jest/globals';
import { lastSegmentIn } from './town-watch.ts';

describe('lastSegmentIn', () => {
  it('counts from the media sequence', () => {
    const playlist = '#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:41\n#EXTINF:2.0,\na.m4s\n#EXTINF:2.0,\nb.m4s\n';
    expect(lastSegmentIn(playlist)).toBe(42);
  });

  it.each(['', '{"code":"ticket-expired"}', '#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:1\n'])('refuses %j', (text) => {
    expect(() => lastSegmentIn(text)).toThrow(/no segments/);
  });
});
