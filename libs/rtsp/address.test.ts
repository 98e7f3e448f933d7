import { describe, expect, it } from '@jest/globals';
import { hasUserInformation, joinControl, parseAddress } from './address.ts';
import { keepAliveMsOf, parseInterleaved, parseSessionHeader } from './setup-reply.ts';

describe('parseAddress', () => {
  it('keeps the text, lowers the host, knows the default port', () => {
    expect(parseAddress('rtsp://CAM.example/Live?a=%7B&b=[1]')).toEqual({
      url: 'rtsp://CAM.example/Live?a=%7B&b=[1]',
      host: 'cam.example',
      port: 554,
    });
    expect(parseAddress('rtsp://[2001:db8::1]:8554/x')).toMatchObject({ host: '[2001:db8::1]', port: 8554 });
  });

  it('takes logins out', () => {
    expect(parseAddress('rtsp://admin:p@ss@10.0.0.1:554/a@b')?.url).toBe('rtsp://10.0.0.1:554/a@b');
    expect([hasUserInformation('rtsp://a:b@c/'), hasUserInformation('rtsp://c/?x=a@b')]).toEqual([true, false]);
  });

  it.each([
    'http://cam/',
    'rtsps://cam/',
    'rtsp:///x',
    'rtsp://cam/a b',
    'rtsp://cam/\r\nX: y',
    'rtsp://cam:99999/',
    'cam',
    `rtsp://cam/${'a'.repeat(2_048)}`,
  ])('refuses %j', (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });
});

describe('joinControl', () => {
  it.each([
    ['rtsp://h/live/', 'trackID=1', 'rtsp://h/live/trackID=1'],
    ['rtsp://h/live', 'trackID=1', 'rtsp://h/live/trackID=1'],
    // Dahua: the query is part of the base.
    [
      'rtsp://h/cam/realmonitor?channel=1&subtype=0',
      'trackID=0',
      'rtsp://h/cam/realmonitor?channel=1&subtype=0/trackID=0',
    ],
    [
      'rtsp://h/cam/realmonitor?channel=1&subtype=0/',
      'trackID=0',
      'rtsp://h/cam/realmonitor?channel=1&subtype=0/trackID=0',
    ],
    // Hikvision: absolute, with the query behind the track.
    [
      'rtsp://h/Streaming/Channels/101/',
      'rtsp://h/Streaming/Channels/101/trackID=1?p=1',
      'rtsp://h/Streaming/Channels/101/trackID=1?p=1',
    ],
    ['rtsp://h:554/live/ch0', '/live/ch0/track1', 'rtsp://h:554/live/ch0/track1'],
    ['rtsp://h/live', '*', 'rtsp://h/live'],
    ['rtsp://h/live', '', 'rtsp://h/live'],
  ])('puts %s and %s together', (base, control, joined) => {
    expect(joinControl(base, control)).toBe(joined);
  });
});

describe('what SETUP answers', () => {
  it.each([
    [undefined, [0, 1]],
    ['RTP/AVP/TCP;unicast;interleaved=0-1;ssrc=1234ABCD', [0, 1]],
    ['RTP/AVP/TCP;unicast;Interleaved=4-5', [4, 5]],
    ['RTP/AVP;unicast;interleaved=2', [2, 3]],
    ['RTP/AVP/TCP; unicast; interleaved = 6 - 6', [6, 7]],
    ['RTP/AVP/TCP;unicast', [0, 1]],
  ])('Transport %j', (text, channels) => {
    expect(parseInterleaved(text)).toEqual({ rtpChannel: channels[0], rtcpChannel: channels[1] });
  });

  it.each([
    'RTP/AVP;unicast;client_port=5000-5001;server_port=6000-6001',
    'RTP/AVP/TCP;interleaved=255',
    'RTP/AVP/TCP;interleaved=300-301',
    '',
  ])('refuses Transport %j', (text) => {
    expect(parseInterleaved(text)).toBeUndefined();
  });

  it('reads Session and halves its timeout', () => {
    expect(parseSessionHeader('12345678 ; Timeout=30')).toEqual({ id: '12345678', timeoutMs: 30_000 });
    expect(parseSessionHeader('abc;timeout=0')).toEqual({ id: 'abc', timeoutMs: undefined });
    expect([parseSessionHeader(''), parseSessionHeader('a b'), parseSessionHeader('x'.repeat(257))]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect([60_000, 1, 999_999_000].map(keepAliveMsOf)).toEqual([30_000, 1_000, 60_000]);
  });
});
