import { describe, expect, it } from '@jest/globals';
import { guardStreamUri } from '#libs/onvif';

const codeOf = (result: { ok: boolean; refusal?: { code: string } }): string => result.refusal?.code ?? 'accepted';

describe('stream addresses', () => {
  it.each([
    ['rtsp://10.0.0.7:554/live/1?x=1#f', 'rtsp://10.0.0.7:554/live/1?x=1', []],
    ['rtsp://10.0.0.7/', 'rtsp://10.0.0.7/', []],
    ['RTSP://admin:p@ss@10.0.0.7/1', 'rtsp://10.0.0.7/1', ['stream-login-stripped']],
    ['rtsp://192.168.1.108:8554/1', 'rtsp://10.0.0.7:8554/1', ['stream-host-replaced']],
    ['rtsp://:554/1', 'rtsp://10.0.0.7:554/1', ['stream-host-replaced']],
    ['rtsp://[fe80::1%eth0]/1', 'rtsp://10.0.0.7/1', ['stream-host-replaced']],
    ['rtsp://evil.example?x', 'rtsp://10.0.0.7/?x', ['stream-host-replaced']],
    ['rtsp://10.0.0.7/a@evil.example/', 'rtsp://10.0.0.7/a@evil.example/', []],
    ['rtsps://10.0.0.7:322/1', 'rtsps://10.0.0.7:322/1', []],
  ])('holds %s', (text, uri, quirks) => {
    expect(guardStreamUri(text, '10.0.0.7')).toEqual({ ok: true, value: { uri, quirks } });
  });

  it.each([
    'http://10.0.0.7/',
    'rtsp:10.0.0.7',
    'rtsp://10.0.0.7/a b',
    'rtsp://10.0.0.7/\r\nX: y',
    'rtsp://10.0.0.7:99999/',
    'rtsp://a:b:c/',
    `rtsp://10.0.0.7/${'x'.repeat(1100)}`,
    '',
  ])('refuses %j', (text) => expect(codeOf(guardStreamUri(text, '10.0.0.7'))).toBe('onvif-malformed'));
});
