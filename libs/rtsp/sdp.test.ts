import { describe, expect, it } from '@jest/globals';
import { parseSdp } from './sdp.ts';
import { chooseVideo, type VideoOffer } from './video-offer.ts';

const SPS = 'Z01AKOygPAET8uAiAAADAAIAAAMAZB4wYyw=';
const PPS = 'aOvjyyA=';

function sdp(...lines: readonly string[]): string {
  return ['v=0', 'o=- 1 1 IN IP4 0.0.0.0', 's=camera', 't=0 0', ...lines, ''].join('\r\n');
}

function offer(...lines: readonly string[]): VideoOffer | string {
  const chosen = chooseVideo(parseSdp(sdp(...lines))!);
  return chosen.ok ? chosen.value : chosen.refusal.code;
}

describe('chooseVideo', () => {
  it('reads codec, clock, control and parameter sets', () => {
    const found = offer(
      'a=control:*',
      'm=video 0 RTP/AVP 96',
      'a=rtpmap:96 H264/90000',
      `a=fmtp:96 packetization-mode=1; profile-level-id=4D4028; sprop-parameter-sets=${SPS},${PPS}`,
      'a=control:trackID=1',
    );
    expect(found).toEqual({
      codec: 'h264',
      payloadType: 96,
      clockRate: 90_000,
      control: 'trackID=1',
      parameterSets: [Buffer.from(SPS, 'base64'), Buffer.from(PPS, 'base64')],
    });
  });

  it('passes over audio, backchannel and metadata, in whatever order', () => {
    const found = offer(
      'm=audio 0 RTP/AVP 0',
      'a=control:audio',
      'm=application 0 RTP/AVP 107',
      'a=rtpmap:107 vnd.onvif.metadata/90000',
      'm=video 0 RTP/AVP 35 98',
      'a=rtpmap:98 h265/90000',
      'a=fmtp:98 sprop-vps=QAEMAf//AWAAAAMAkAAAAwAAAwBdlZgJ;sprop-sps=QgEBAWAAAAMAkAAAAwAAAwBdoAKAgC0WWVmkkyvAWgIAAAMAAgAAAwAyEA==; sprop-pps=RAHBcrRiQA==',
      'a=control:video',
    );
    expect(found).toMatchObject({ codec: 'h265', payloadType: 98, control: 'video' });
    expect((found as VideoOffer).parameterSets.map((nal) => nal[0]! >>> 1)).toEqual([32, 33, 34]);
  });

  it('takes parameter sets with start codes, and leaves out what is none', () => {
    const startCode = (base64: string, zeros: number): string =>
      Buffer.concat([Buffer.alloc(zeros), Buffer.from([1]), Buffer.from(base64, 'base64')]).toString('base64');
    const found = offer(
      'm=video 0 RTP/AVP 96',
      'a=rtpmap:96 H264/90000',
      `a=fmtp:96 sprop-parameter-sets=${startCode(SPS, 3)},${startCode(PPS, 2)},AAAA,ZYiEAA==,!!`,
    );
    expect((found as VideoOffer).parameterSets.map((nal) => nal.toString('base64'))).toEqual([SPS, PPS]);
  });

  it('reads lines ended by LF, blanks after colons and no parameter sets at all', () => {
    const text = 'm=video 0 RTP/AVP 96\na=rtpmap: 96  H264/90000/1\na=control: track1 \n';
    const chosen = chooseVideo(parseSdp(text)!);
    expect(chosen).toMatchObject({ ok: true, value: { codec: 'h264', control: 'track1', parameterSets: [] } });
  });

  it.each([
    ['sdp-no-video', ['m=audio 0 RTP/AVP 0']],
    ['sdp-no-video', []],
    ['codec-unsupported', ['m=video 0 RTP/AVP 31']],
    ['codec-unsupported', ['m=video 0 RTP/AVP 96', 'a=rtpmap:96 MP4V-ES/90000']],
    ['codec-unsupported', ['m=video 0 RTP/AVP 96']],
    ['codec-unsupported', ['m=video 0 RTP/SAVP 96', 'a=rtpmap:96 H264/90000']],
    ['codec-unsupported', ['m=video 0 RTP/AVP 96', 'a=rtpmap:96 H264/90000', 'a=fmtp:96 packetization-mode=2']],
    ['codec-unsupported', ['m=video 0 RTP/AVP 96', 'a=rtpmap:96 H265/90000', 'a=fmtp:96 sprop-max-don-diff=2']],
    ['codec-unsupported', ['m=video 0 RTP/AVP 96', 'a=rtpmap:96 H264/1']],
  ])('says %s for %j', (code, lines) => {
    expect(offer(...lines)).toBe(code);
  });

  it('takes JPEG by its own payload type, and by a name', () => {
    const jpeg = (payloadType: number): object => ({
      codec: 'mjpeg',
      payloadType,
      clockRate: 90_000,
      parameterSets: [],
    });
    const chosen = (...lines: string[]): unknown => chooseVideo(parseSdp(sdp(...lines))!);
    expect(chosen('m=video 0 RTP/AVP 26')).toMatchObject({ ok: true, value: jpeg(26) });
    expect(chosen('m=video 0 RTP/AVP 97', 'a=rtpmap:97 JPEG/90000')).toMatchObject({ ok: true, value: jpeg(97) });
  });

  it('names what is offered instead, in printable words', () => {
    const chosen = chooseVideo(parseSdp(sdp('m=video 0 RTP/AVP 31 96', 'a=rtpmap:96 M\u0007PEG/90000'))!);
    expect(chosen).toMatchObject({ ok: false, refusal: { details: { encoding: 'H261, M?PEG' } } });
  });
});

describe('parseSdp', () => {
  it.each([
    ['an empty body', ''],
    ['a web page', '<html>404</html>'],
    ['lines without end', 'a=x\n'.repeat(1_001)],
    ['media without end', 'm=video 0 RTP/AVP 96\n'.repeat(33)],
  ])('refuses %s', (_, text) => {
    expect(parseSdp(text)).toBeUndefined();
  });
});
