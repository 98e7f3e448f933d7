import { describe, expect, it } from '@jest/globals';
import type { Codec, StreamRole, StreamView } from '#libs/wire';
import { chooseStream } from './choice.ts';

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

  it('says when nothing can be played', () => {
    expect(chooseStream({ streams: [stream('main', 'h265')] }, 'sub', onlyH264)).toBeNull();
    expect(chooseStream({ streams: [] }, 'sub', onlyH264)).toBeNull();
  });
});
