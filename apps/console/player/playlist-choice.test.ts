import { describe, expect, it } from '@jest/globals';
import { canPlayLowLatency, playlistFor } from './playlist-choice.ts';

describe('playlists', () => {
  it('of low latency are for where players do not share six connections', () => {
    expect(canPlayLowLatency('https://relay:8081/hls/c/sub/index.m3u8?ticket=a.b')).toBe(true);
    expect(canPlayLowLatency('http://relay:8081/hls/c/sub/index.m3u8?ticket=a.b')).toBe(false);
  });

  it('are asked for as the line wants them', () => {
    const url = 'https://relay:8081/hls/c/sub/index.m3u8?ticket=a.b';
    expect(playlistFor(url, 'll-hls')).toBe(url);
    expect(playlistFor(url, 'hls')).toBe(`${url}&ll=0`);
  });
});
