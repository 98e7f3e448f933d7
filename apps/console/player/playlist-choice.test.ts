import { describe, expect, it } from '@jest/globals';
import { playlistFor } from './playlist-choice.ts';

describe('playlistFor', () => {
  it('asks for low latency only where players do not share six connections', () => {
    expect(playlistFor('https://relay:8081/hls/c/sub/index.m3u8?ticket=a.b')).toBe(
      'https://relay:8081/hls/c/sub/index.m3u8?ticket=a.b',
    );
    expect(playlistFor('http://relay:8081/hls/c/sub/index.m3u8?ticket=a.b')).toBe(
      'http://relay:8081/hls/c/sub/index.m3u8?ticket=a.b&ll=0',
    );
  });
});
