import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { codecEvidence, parameterSetsOf, parseH264Sps, rbspOf, type TrackFormat, type VideoCodec } from '#libs/codec';

/** Made by testdata/render.py: parameter sets by x264 and x265, read by ffprobe and GStreamer. */
interface Golden {
  name: string;
  codec: VideoCodec;
  vps?: string;
  sps: string;
  pps: string;
  mimeCodec: string;
  tier: string | null;
  probe: {
    width: number;
    height: number;
    level: number;
    pix_fmt: string;
    has_b_frames: number;
    sample_aspect_ratio: string;
    r_frame_rate: string;
  };
}

const goldens = JSON.parse(
  readFileSync(new URL('./testdata/parameter-sets.json', import.meta.url), 'utf8'),
) as readonly Golden[];

function golden(name: string): Golden {
  return goldens.find((one) => one.name === name)!;
}

function offerHex(sets: ReturnType<typeof parameterSetsOf>, hex: string): string {
  const nal = Buffer.from(hex, 'hex');
  return sets.offer(nal, 0, nal.length);
}

function formatOf(one: Golden): TrackFormat {
  const sets = parameterSetsOf(one.codec);
  for (const hex of [one.vps, one.sps, one.pps]) if (hex) expect(offerHex(sets, hex)).toBe('changed');
  return sets.format()!;
}

/** GStreamer 1.22 says `L` for both tiers in its codec string, against ISO/IEC 14496-15 §E.3; its caps know better. */
function codecStringOf(one: Golden): string {
  return one.tier === 'high' ? one.mimeCodec.replace('.L', '.H') : one.mimeCodec;
}

/** ffprobe's pixel format in the words of the specifications. */
function samplingOf(pixelFormat: string): { chromaFormatIdc: number; bitDepth: number } {
  const found = /^yuvj?(420|422|444)p(?:(10|12)le)?$/.exec(pixelFormat)!;
  return { chromaFormatIdc: { 420: 1, 422: 2, 444: 3 }[Number(found[1])]!, bitDepth: Number(found[2] ?? 8) };
}

describe('TrackFormat', () => {
  it.each(goldens.map((one) => [one.name, one] as const))('reads %s as ffprobe and GStreamer do', (_, one) => {
    const format = formatOf(one);
    const sampling = samplingOf(one.probe.pix_fmt);
    const [rate, per] = one.probe.r_frame_rate.split('/').map(Number);
    const [width, height] = one.probe.sample_aspect_ratio.split(':').map(Number);
    expect(format).toMatchObject({
      codec: one.codec,
      codecString: codecStringOf(one),
      widthPx: one.probe.width,
      heightPx: one.probe.height,
      levelIdc: one.probe.level,
      reorderFrames: one.probe.has_b_frames,
      chromaFormatIdc: sampling.chromaFormatIdc,
      bitDepthLuma: sampling.bitDepth,
      bitDepthChroma: sampling.bitDepth,
      sampleAspect: { width, height },
    });
    expect(format.framesPerSecond).toBeCloseTo(rate! / per!, 6);
  });

  it('keeps a temporal layer count for hvcC', () => {
    expect(formatOf(golden('h265-layers'))).toMatchObject({ temporalLayers: 2 });
  });
});

describe('ParameterSets', () => {
  it('says same for known bytes, also when a camera leaves zeros behind them', () => {
    const sets = parameterSetsOf('h264');
    const { sps, pps } = golden('h264-main-1080');
    expect([offerHex(sets, sps), offerHex(sets, pps)]).toEqual(['changed', 'changed']);
    expect([offerHex(sets, sps), offerHex(sets, `${sps}0000`)]).toEqual(['same', 'same']);
  });

  it('has no format until the kinds that belong together are there', () => {
    const sets = parameterSetsOf('h265');
    const { vps, sps, pps } = golden('h265-main');
    for (const hex of [sps, pps]) {
      offerHex(sets, hex);
      expect(sets.format()).toBeUndefined();
    }
    offerHex(sets, vps!);
    expect(sets.format()?.codec).toBe('h265');
  });

  it('lets a new SPS of the same id take the place of the old', () => {
    const sets = parameterSetsOf('h264');
    const before = golden('h264-main-1080');
    const after = golden('h264-high-odd-crop');
    for (const hex of [before.sps, before.pps, after.sps, after.pps]) offerHex(sets, hex);
    expect(sets.format()).toMatchObject({ widthPx: 322, heightPx: 182, sps: [Buffer.from(after.sps, 'hex')] });
  });

  it('keeps the old format when a damaged SPS comes', () => {
    const sets = parameterSetsOf('h264');
    const { sps, pps } = golden('h264-main-1080');
    for (const hex of [sps, pps]) offerHex(sets, hex);
    expect([offerHex(sets, sps.slice(0, 12)), offerHex(sets, `67${'00'.repeat(20)}01`)]).toEqual([
      'refused',
      'refused',
    ]);
    expect(sets.format()?.widthPx).toBe(1920);
  });

  it('does not grow past its caps', () => {
    const sets = parameterSetsOf('h264');
    const { sps } = golden('h264-main-1080');
    offerHex(sets, sps);
    expect(offerHex(sets, sps + 'ff'.repeat(5_000))).toBe('refused');
    // pps ids 0..30 as Exp-Golomb: 1, 010, 011, 00100 … each followed by sps id 0 ("1") and a stop bit.
    const verdicts = Array.from({ length: 31 }, (_, id) => offerHex(sets, ppsOf(id)));
    expect(verdicts.filter((verdict) => verdict === 'changed')).toHaveLength(16);
  });
});

function ppsOf(id: number): string {
  const code = (id + 1).toString(2);
  const bits = `${'0'.repeat(code.length - 1)}${code}11`.padEnd(16, '0');
  return `68${Number.parseInt(bits, 2).toString(16).padStart(4, '0')}80`;
}

describe('parseH264Sps', () => {
  it('is content with a VUI that a camera cut short', () => {
    const { sps } = golden('h264-main-1080');
    const whole = parseH264Sps(Buffer.from(sps, 'hex'))!;
    const cut = parseH264Sps(Buffer.from(sps, 'hex').subarray(0, sps.length / 2 - 4))!;
    expect(cut).toMatchObject({ widthPx: whole.widthPx, heightPx: whole.heightPx, reorderFrames: undefined });
  });
});

describe('rbspOf', () => {
  it('takes out the 03 of each 00 00 03, also twice in a row', () => {
    const nal = Buffer.from('67000003000003010000030303', 'hex');
    expect(Buffer.from(rbspOf(nal, 1)).toString('hex')).toBe('000000000100000303');
  });
});

describe('codecEvidence', () => {
  const h264 = Buffer.from(golden('h264-main-1080').sps, 'hex');
  const h265 = Buffer.from(golden('h265-main').sps, 'hex');

  it.each([
    ['an SPS alone, H.264', h264, 'h264'],
    ['an SPS alone, H.265', h265, 'h265'],
    ['a STAP-A', Buffer.concat([Buffer.from([0x78, 0, h264.length]), h264]), 'h264'],
    ['an AP', Buffer.concat([Buffer.from([0x60, 1, 0, h265.length]), h265]), 'h265'],
    ['a slice', Buffer.from('65888400', 'hex'), undefined],
    ['an AP that lies about a size', Buffer.concat([Buffer.from([0x60, 1, 9, 0]), h265]), undefined],
  ])('knows %s', (_, payload, codec) => {
    expect(codecEvidence(payload, 0, payload.length)).toBe(codec);
  });
});
