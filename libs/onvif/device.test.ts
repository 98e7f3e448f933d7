import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { FakeClock, ok, refused, type Result } from '#libs/base';
import {
  OnvifDevice,
  onvifRefusal,
  type ServiceAddress,
  type SoapLine,
  type SoapReply,
  type SoapRequest,
} from '#libs/onvif';

const AT: ServiceAddress = { secure: false, host: '10.0.0.7', port: 8000, path: '/onvif/device_service' };
const LOGIN = { username: 'admin', password: 'contraseña' };

type Answer = (request: SoapRequest) => Result<SoapReply>;

/** A device that answers by the operation in the request's body, and remembers what it was asked. */
class ScriptedLine implements SoapLine {
  readonly asked: SoapRequest[] = [];
  constructor(private readonly answers: Readonly<Record<string, Answer>>) {}

  post(request: SoapRequest): Promise<Result<SoapReply>> {
    this.asked.push(request);
    const operation = /<s:Body>\s*<(\w+)/.exec(request.body)?.[1] ?? '';
    const answer = this.answers[operation];
    return Promise.resolve(
      answer ? answer(request) : refused(onvifRefusal('onvif-timeout', `nobody answers ${operation}`)),
    );
  }
}

const reply = (body: string, status = 200, challenges: string[] = []): Result<SoapReply> =>
  ok({ status, challenges, body: Buffer.from(body), sentMs: 1000, receivedMs: 1200 });
const soap =
  (inner: string, status = 200): Answer =>
  () =>
    reply(`<s:Envelope xmlns:s="x" xmlns:tt="y"><s:Body>${inner}</s:Body></s:Envelope>`, status);
const service = (namespace: string, xAddr: string): string =>
  `<tds:Service><tds:Namespace>http://www.onvif.org/${namespace}</tds:Namespace><tds:XAddr>${xAddr}</tds:XAddr></tds:Service>`;
const services = (...list: string[]): Answer =>
  soap(`<tds:GetServicesResponse>${list.join('')}</tds:GetServicesResponse>`);
const encoder = (codec: string): string =>
  `<tt:Encoding>${codec}</tt:Encoding><tt:Resolution><tt:Width>1920</tt:Width><tt:Height>1080</tt:Height></tt:Resolution>`;
const profiles1 = soap(
  `<trt:GetProfilesResponse><trt:Profiles token="000"><tt:Name>main</tt:Name><tt:VideoEncoderConfiguration>${encoder('H264')}</tt:VideoEncoderConfiguration></trt:Profiles></trt:GetProfilesResponse>`,
);
const profiles2 = soap(
  `<tr2:GetProfilesResponse><tr2:Profiles token="a&amp;b"><tr2:Name>main</tr2:Name><tr2:Configurations><tr2:VideoEncoder>${encoder('H265')}</tr2:VideoEncoder></tr2:Configurations></tr2:Profiles></tr2:GetProfilesResponse>`,
);
const deviceOf = (line: SoapLine, clock = new FakeClock()): OnvifDevice => new OnvifDevice(line, AT, LOGIN, clock);
const codeOf = (result: Result<unknown>): string => (result.ok ? 'accepted' : result.refusal.code);

describe('login', () => {
  it('signs with the device’s hour and the password in UTF-8', async () => {
    const clock = new FakeClock(Date.UTC(2026, 0, 1, 12));
    const line = new ScriptedLine({
      GetDeviceInformation: soap(
        '<GetDeviceInformationResponse><Manufacturer>Northgate</Manufacturer><Model>NG-2</Model><FirmwareVersion>1</FirmwareVersion><SerialNumber>007</SerialNumber></GetDeviceInformationResponse>',
      ),
    });
    const device = deviceOf(line, clock);
    device.assumeClockError(-4 * 3_600_000);
    expect(await device.information()).toEqual(
      ok({ manufacturer: 'Northgate', model: 'NG-2', firmware: '1', serialNumber: '007' }),
    );
    const sent = line.asked[0]!.body;
    expect(sent).toContain('>2026-01-01T08:00:00Z<');
    const nonce = Buffer.from(/#Base64Binary">([^<]+)</.exec(sent)![1]!, 'base64');
    const digest = createHash('sha1')
      .update(nonce)
      .update('2026-01-01T08:00:00Z')
      .update(LOGIN.password, 'utf8')
      .digest('base64');
    expect(sent).toContain(`#PasswordDigest">${digest}<`);
    expect(sent).not.toContain(LOGIN.password);
  });

  it('answers an HTTP digest challenge once, as RFC 7616 computes it', async () => {
    const challenge = 'Digest realm="cam", qop="auth", nonce="abc", algorithm=MD5';
    const line = new ScriptedLine({
      GetDeviceInformation: (request) =>
        request.headers['Authorization']
          ? soap('<GetDeviceInformationResponse/>')(request)
          : reply('', 401, [challenge]),
    });
    expect(codeOf(await deviceOf(line).information())).toBe('accepted');
    const sent = Object.fromEntries(
      [...line.asked[1]!.headers['Authorization']!.matchAll(/(\w+)="?([^",]+)"?/g)].map((match) => [
        match[1]!,
        match[2]!,
      ]),
    );
    const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
    const expected = md5(
      [md5('admin:cam:contraseña'), 'abc', sent['nc'], sent['cnonce'], 'auth', md5('POST:/onvif/device_service')].join(
        ':',
      ),
    );
    expect(sent['response']).toBe(expected);
  });

  it.each([
    ['onvif-unauthorized', reply('', 401, ['Digest realm="cam", nonce="abc"'])],
    ['onvif-unauthorized', reply('<html>Access denied</html>', 401, ['Basic realm="cam"'])],
    ['onvif-unauthorized', reply('', 401, ['Digest realm=\u0000, nonce', 'Digest algorithm="rot13"'])],
    ['onvif-locked', reply('<html>The device is locked, try later</html>', 403)],
    ['onvif-redirected', reply('', 302)],
    ['onvif-not-supported', reply('<html>404</html>', 404)],
    ['onvif-malformed', reply('<!DOCTYPE html><html>hello</html>', 200)],
    ['onvif-malformed', reply('<s:Envelope xmlns:s="x"><s:Body><Ok/></s:Body></s:Envelope>', 418)],
    ['onvif-timeout', refused(onvifRefusal('onvif-timeout', 'slow'))],
  ])('refuses with %s', async (code, answer) => {
    expect(codeOf(await deviceOf(new ScriptedLine({ GetDeviceInformation: () => answer })).information())).toBe(code);
  });
});

describe('clock', () => {
  const time = (hour: number): string =>
    `<GetSystemDateAndTimeResponse><SystemDateAndTime><UTCDateTime><Time><Hour>${hour}</Hour><Minute>0</Minute><Second>0</Second></Time><Date><Year>1970</Year><Month>1</Month><Day>1</Day></Date></UTCDateTime></SystemDateAndTime></GetSystemDateAndTimeResponse>`;

  it('is asked without a login, and with one when the device insists', async () => {
    const line = new ScriptedLine({
      GetSystemDateAndTime: (request) => (request.body.includes('Security') ? soap(time(1))(request) : reply('', 401)),
    });
    // One hour and half a second, less the middle of 1000..1200 ms.
    expect(await deviceOf(line).clockError()).toEqual(ok({ errorMs: 3_599_400, uncertaintyMs: 600 }));
    expect(line.asked.map((request) => request.body.includes('Security'))).toEqual([false, true]);
  });
});

describe('services and profiles', () => {
  it('uses Media2 where it works, at the device’s own host', async () => {
    const line = new ScriptedLine({
      GetServices: services(
        service('ver10/media/wsdl', 'http://192.168.1.108/onvif/media'),
        service('ver20/media/wsdl', 'http://10.0.0.7:8001/onvif/media2'),
        service('ver20/ptz/wsdl', 'http://10.0.0.7/onvif/ptz'),
        service('ver10/events/wsdl', 'not an address'),
      ),
      GetProfiles: profiles2,
      GetStreamUri: soap(
        '<tr2:GetStreamUriResponse><tr2:Uri>rtsp://evil.example/live</tr2:Uri></tr2:GetStreamUriResponse>',
      ),
      GetSnapshotUri: soap(
        '<tr2:GetSnapshotUriResponse><tr2:Uri>http://evil.example:81/s.jpg?x=1</tr2:Uri></tr2:GetSnapshotUriResponse>',
      ),
    });
    const device = deviceOf(line);
    expect(await device.services()).toEqual(ok({ hasPtz: true, hasEvents: true, hasMedia2: true }));
    expect(await device.profiles()).toMatchObject(ok([{ token: 'a&b', codec: 'h265' }]));
    expect(await device.streamUri('a&b')).toEqual(
      ok({ uri: 'rtsp://10.0.0.7/live', quirks: ['stream-host-replaced'] }),
    );
    expect(await device.snapshotAddress('a&b')).toEqual(
      ok({ secure: false, host: '10.0.0.7', port: 81, path: '/s.jpg?x=1' }),
    );
    expect(line.asked.at(-2)!.body).toContain('<ProfileToken>a&#38;b</ProfileToken>');
    expect(line.asked.map(({ port, path }) => `${port}${path}`)).toEqual([
      '8000/onvif/device_service',
      '8001/onvif/media2',
      '8001/onvif/media2',
      '8001/onvif/media2',
    ]);
  });

  it('falls back to Media1 when Media2 is announced and fails', async () => {
    const line = new ScriptedLine({
      GetServices: services(
        service('ver10/media/wsdl', 'http://10.0.0.7/m1'),
        service('ver20/media/wsdl', 'http://10.0.0.7/m2'),
      ),
      GetProfiles: (request) => (request.path === '/m1' ? profiles1(request) : reply('', 500)),
      GetStreamUri: soap(
        '<trt:GetStreamUriResponse><trt:MediaUri><tt:Uri>rtsp://10.0.0.7:8554/000</tt:Uri></trt:MediaUri></trt:GetStreamUriResponse>',
      ),
    });
    const device = deviceOf(line);
    await device.services();
    expect(await device.profiles()).toMatchObject(ok([{ token: '000', codec: 'h264' }]));
    expect(await device.streamUri('000')).toEqual(ok({ uri: 'rtsp://10.0.0.7:8554/000', quirks: [] }));
    expect(line.asked.at(-1)!.path).toBe('/m1');
  });

  it('falls back to GetCapabilities for devices before ONVIF 2.1', async () => {
    const line = new ScriptedLine({
      GetServices: soap(
        '<s:Fault><s:Code><s:Value>s:Receiver</s:Value><s:Subcode><s:Value>ter:ActionNotSupported</s:Value></s:Subcode></s:Code></s:Fault>',
        500,
      ),
      GetCapabilities: soap(
        '<GetCapabilitiesResponse><Capabilities><Media><XAddr>http://10.0.0.7/m</XAddr></Media><PTZ><XAddr>http://10.0.0.7/p</XAddr></PTZ></Capabilities></GetCapabilitiesResponse>',
      ),
    });
    expect(await deviceOf(line).services()).toEqual(ok({ hasPtz: true, hasEvents: false, hasMedia2: false }));
  });

  it.each([
    ['onvif-no-video', services(service('ver10/events/wsdl', 'http://10.0.0.7/e'))],
    ['onvif-no-video', soap('<Unexpected/>')],
    ['onvif-unauthorized', () => reply('', 401)],
  ] as [string, Answer][])('refuses with %s what has no media', async (code, answer) => {
    const line = new ScriptedLine({ GetServices: answer, GetCapabilities: soap('<GetCapabilitiesResponse/>') });
    expect(codeOf(await deviceOf(line).services())).toBe(code);
  });

  it('answers even for a token that makes a request which is no XML', async () => {
    const line = new ScriptedLine({
      GetServices: services(
        service('ver10/media/wsdl', 'http://10.0.0.7/m'),
        service('ver10/events/wsdl', 'http://10.0.0.7/e'),
      ),
    });
    const device = deviceOf(line);
    await device.services();
    expect(['onvif-not-supported', 'onvif-timeout']).toContain(codeOf(await device.streamUri('a\u0001b\uFFFE')));
  });

  it('survives answers that break the package’s expectations', async () => {
    const odd = soap(
      '<GetServicesResponse><Service><Namespace>7</Namespace><XAddr>http://10.0.0.7:99999/</XAddr></Service></GetServicesResponse>',
    );
    const device = deviceOf(
      new ScriptedLine({
        GetServices: odd,
        GetCapabilities: odd,
        GetProfiles: odd,
        GetStreamUri: odd,
        GetNetworkInterfaces: odd,
      }),
    );
    expect(codeOf(await device.services())).toBe('onvif-no-video');
    expect(codeOf(await device.profiles())).toBe('onvif-not-supported');
    expect(codeOf(await device.streamUri('x'))).toBe('onvif-not-supported');
    expect(await device.macAddress()).toBeNull();
  });
});
