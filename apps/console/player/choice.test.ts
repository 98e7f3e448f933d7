import { describe, expect, it } from '@jest/globals';
import type { Codec, StreamRole, StreamView } from '#libs/wire';
import { chooseStream, firstChoice } from './choice.ts';

const stream = (role: StreamRole, codec: Codec): StreamView => ({
  role,
  codec,
  widthPx: 640,
  heightPx: 360,
  framesPerSecond: 15,
  bitrateKbps: 400,
});
const onlyH264 = (codec: Codec): boolean => codec === 'h264';

describe('choice of stream', () => {
  it('plays what was wanted when it can', () => {
    const camera = { streams: [stream('main', 'h264'), stream('sub', 'h264')] };
    expect(chooseStream(camera, 'main', onlyH264)).toEqual({ stream: 'main', insteadOf: null });
  });

  it('falls to sub when the browser cannot play H.265, and says so', () => {
    const camera = { streams: [stream('main', 'h265'), stream('sub', 'h264')] };
    expect(chooseStream(camera, 'main', onlyH264)).toEqual({ stream: 'sub', insteadOf: 'main' });
  });

  it('takes main of a camera that has no sub without a note', () => {
    expect(chooseStream({ streams: [stream('main', 'h264')] }, 'sub', onlyH264)).toEqual({
      stream: 'main',
      insteadOf: null,
    });
  });

  it('asks for a conversion of what was wanted when nothing can be played as it is', () => {
    const both = { streams: [stream('main', 'h265'), stream('sub', 'h265')] };
    expect(chooseStream(both, 'sub', onlyH264)).toEqual({ stream: 'sub', as: 'h264', insteadOf: null });
    expect(chooseStream(both, 'main', onlyH264)).toEqual({ stream: 'main', as: 'h264', insteadOf: null });
    const one = { streams: [stream('main', 'mjpeg')] };
    expect(chooseStream(one, 'sub', onlyH264)).toEqual({ stream: 'main', as: 'h264', insteadOf: null });
  });

  it('begins a tile of main with sub where that is there at once', () => {
    const streams = [stream('main', 'h264'), stream('sub', 'h264')];
    const first = (warm: boolean, wanted: StreamRole, given = streams) =>
      firstChoice({ streams: given, warm }, wanted, onlyH264);
    expect(first(true, 'main')).toEqual({ stream: 'sub', insteadOf: null });
    expect(first(true, 'sub')).toBeNull();
    expect(first(false, 'main')).toBeNull();
    expect(first(true, 'main', [stream('main', 'h264')])).toBeNull();
    expect(first(true, 'main', [stream('main', 'h264'), stream('sub', 'h265')])).toBeNull();
  });

  it('says when nothing can be played', () => {
    expect(chooseStream({ streams: [stream('main', 'h265')] }, 'sub', () => false)).toBeNull();
    expect(chooseStream({ streams: [] }, 'sub', onlyH264)).toBeNull();
  });
});
