import { describe, expect, it } from '@jest/globals';
import { XMLValidator } from 'fast-xml-parser';
import type { VendorName } from '../model.ts';
import { NAMESPACES } from './namespaces.ts';
import { H265_MAIN, TEST_PRESETS } from './testing/camera.ts';
import { TestFace, allNamed, envelope, subcodesOf } from './testing/client.ts';
import { EVERY_SAMPLE, MEDIA2_SAMPLES, sampleXml, type Sample } from './testing/every-operation.ts';
import { childOf, type XmlElement } from './xml-reader.ts';

const VENDORS: readonly VendorName[] = ['plain', 'northgate', 'halcon', 'bluecape'];
const DEVICE = '/onvif/device_service';
const MEDIA = '/onvif/media_service';
const MEDIA2 = '/onvif/media2_service';
const TDS = 'xmlns="http://www.onvif.org/ver10/device/wsdl"';
const TRT = 'xmlns="http://www.onvif.org/ver10/media/wsdl"';
const TR2 = 'xmlns="http://www.onvif.org/ver20/media/wsdl"';

/** What bluecape leaves out. */
function isMissing(vendor: VendorName, sample: Sample): boolean {
  const [, namespace, operation] = sample;
  if (vendor !== 'bluecape') return false;
  return MEDIA2_SAMPLES.includes(sample) || (namespace === NAMESPACES.tds && operation.startsWith('GetService'));
}

function textOf(root: XmlElement, name: string): string[] {
  return allNamed(root, name).map(({ text }) => text);
}

describe.each(VENDORS)('every operation of %s', (vendor) => {
  it('answers in its own namespace, well-formed, as the WSDL names it', async () => {
    const face = new TestFace({ vendor, presets: TEST_PRESETS });
    let answered = 0;
    for (const sample of EVERY_SAMPLE) {
      const [path, namespace, operation] = sample;
      const heard = await face.ask(path, sampleXml(sample));
      if (isMissing(vendor, sample)) {
        expect([404, 500]).toContain(heard.status);
        continue;
      }
      expect([operation, heard.status, XMLValidator.validate(heard.text)]).toEqual([operation, 200, true]);
      const body = heard.body();
      expect([body.namespace, body.name]).toEqual([namespace, `${operation}Response`]);
      expect(heard.headers['Content-Type']).toBe(face.device.rules.contentType);
      answered++;
    }
    expect(answered).toBe(vendor === 'bluecape' ? EVERY_SAMPLE.length - 9 : EVERY_SAMPLE.length);
  });

  it('answers nothing but what is open to all without login', async () => {
    const face = new TestFace({ vendor, presets: TEST_PRESETS });
    const open = new Set<string>();
    for (const sample of EVERY_SAMPLE) {
      const heard = await face.send(sample[0], envelope(sampleXml(sample)));
      if (heard.status === 200) open.add(sample[2]);
    }
    const always = [
      'GetSystemDateAndTime',
      'GetCapabilities',
      'GetHostname',
      'GetEndpointReference',
      'GetServiceCapabilities',
    ];
    expect([...open].sort()).toEqual([...always, ...(vendor === 'bluecape' ? [] : ['GetServices'])].sort());
  });
});

describe('the device service', () => {
  it('tells the hour that the camera believes', async () => {
    const face = new TestFace({ clockSkewMs: 90_000 });
    const heard = await face.send(DEVICE, envelope(`<GetSystemDateAndTime ${TDS}/>`));
    const utc = allNamed(heard.body(), 'UTCDateTime')[0];
    expect(utc && ['Year', 'Month', 'Day', 'Hour', 'Minute', 'Second'].map((name) => textOf(utc, name)[0])).toEqual([
      '2026',
      '1',
      '1',
      '0',
      '1',
      '30',
    ]);
  });

  it('of halcon tells only the local hour and the zone', async () => {
    const heard = await new TestFace({ vendor: 'halcon' }).send(DEVICE, envelope(`<GetSystemDateAndTime ${TDS}/>`));
    expect(allNamed(heard.body(), 'UTCDateTime')).toEqual([]);
    const [local] = allNamed(heard.body(), 'LocalDateTime');
    expect(local && [textOf(local, 'Day')[0], textOf(local, 'Hour')[0]]).toEqual(['31', '19']);
    expect(textOf(heard.body(), 'TZ')).toEqual(['PET5']);
  });

  it('goes on from the hour that is set, and refuses a day that is none', async () => {
    const face = new TestFace({ clockSkewMs: 5_000 });
    const set = EVERY_SAMPLE.find(([, , operation]) => operation === 'SetSystemDateAndTime')!;
    await face.ask(DEVICE, sampleXml(set));
    await face.clock.advance(1_000);
    expect(new Date(face.device.nowMs()).toISOString()).toBe('2026-01-02T03:04:06.000Z');
    const bad = await face.ask(
      DEVICE,
      sampleXml(set).replace('<tt:Day>2<', '<tt:Day>31<').replace('<tt:Month>1<', '<tt:Month>2<'),
    );
    expect(subcodesOf(bad.body())).toEqual(['Sender', 'InvalidArgVal', 'InvalidDateTime']);
    await face.ask(DEVICE, `<SetSystemDateAndTime ${TDS}><DateTimeType>NTP</DateTimeType></SetSystemDateAndTime>`);
    expect(face.device.nowMs()).toBe(face.clock.nowMs());
  });

  it('says who and where the camera is', async () => {
    const face = new TestFace();
    const information = (await face.ask(DEVICE, `<GetDeviceInformation ${TDS}/>`)).body();
    expect(textOf(information, 'SerialNumber')).toEqual(['PO2100-000001']);
    const interfaces = (await face.ask(DEVICE, `<GetNetworkInterfaces ${TDS}/>`)).body();
    expect([textOf(interfaces, 'HwAddress'), textOf(interfaces, 'Address')]).toEqual([
      ['02:00:00:00:01:01'],
      ['127.0.1.1'],
    ]);
    const location = allNamed((await face.ask(DEVICE, `<GetGeoLocation ${TDS}/>`)).body(), 'GeoLocation')[0];
    expect([location?.attributes.get('lat'), location?.attributes.get('lon')]).toEqual(['-17.6426', '-71.3449']);
  });

  it('lists its services, with PTZ only where the head moves', async () => {
    const ask = async (face: TestFace): Promise<string[]> =>
      textOf(
        (
          await face.ask(DEVICE, `<GetServices ${TDS}><IncludeCapability>false</IncludeCapability></GetServices>`)
        ).body(),
        'Namespace',
      );
    expect(await ask(new TestFace())).not.toContain(NAMESPACES.tptz);
    expect(await ask(new TestFace({ presets: TEST_PRESETS }))).toContain(NAMESPACES.tptz);
    const ptz = await new TestFace().ask('/onvif/ptz_service', `<GetNodes xmlns="${NAMESPACES.tptz}"/>`);
    expect(ptz.status).toBe(404);
  });

  it('reboots after it has answered', async () => {
    const face = new TestFace();
    const changes: string[] = [];
    face.camera.listen((change) => changes.push(change.kind));
    expect((await face.ask(DEVICE, `<SystemReboot ${TDS}/>`)).status).toBe(200);
    expect(changes).toEqual([]);
    await face.clock.advance(200);
    expect(changes).toEqual(['rebooted']);
  });
});

describe('addresses', () => {
  it('are the camera of plain, also after it moved', async () => {
    const face = new TestFace();
    face.camera.host = '127.0.1.77';
    const heard = await face.send(DEVICE, envelope(`<GetCapabilities ${TDS}/>`));
    for (const address of textOf(heard.body(), 'XAddr'))
      expect(address).toMatch(/^http:\/\/127\.0\.1\.77:8000\/onvif\//);
  });

  it('of halcon lead elsewhere', async () => {
    const face = new TestFace({ vendor: 'halcon' });
    const heard = await face.send(DEVICE, envelope(`<GetCapabilities ${TDS}/>`));
    for (const address of textOf(heard.body(), 'XAddr')) expect(address).toMatch(/^http:\/\/0\.0\.0\.0:8000\//);
    const uri = await face.ask(
      MEDIA2,
      `<GetStreamUri ${TR2}><Protocol>RTSP</Protocol><ProfileToken>Profile_2</ProfileToken></GetStreamUri>`,
    );
    expect(textOf(uri.body(), 'Uri')).toEqual(['rtsp://192.0.2.108:8554/cam/realmonitor?channel=1&subtype=1']);
  });
});

describe('media', () => {
  const profiles = async (vendor: VendorName, path: string, body: string): Promise<XmlElement[]> =>
    allNamed((await new TestFace({ vendor, main: H265_MAIN }).ask(path, body)).body(), 'Profiles');

  it('(ver10) has no word for H.265: plain leaves the encoder out, northgate calls it H264', async () => {
    const encodings = async (vendor: VendorName): Promise<(string | undefined)[]> =>
      (await profiles(vendor, MEDIA, `<GetProfiles ${TRT}/>`)).map((profile) =>
        textOf(profile, 'VideoEncoderConfiguration').length === 0
          ? undefined
          : childOf(allNamed(profile, 'VideoEncoderConfiguration')[0]!, NAMESPACES.tt, 'Encoding')?.text,
      );
    expect(await encodings('plain')).toEqual([undefined, 'H264']);
    expect(await encodings('northgate')).toEqual(['H264', 'H264']);
  });

  it('(ver20) says H265', async () => {
    for (const vendor of ['plain', 'northgate', 'halcon'] as const) {
      const found = await profiles(vendor, MEDIA2, `<GetProfiles ${TR2}><Type>VideoEncoder</Type></GetProfiles>`);
      expect(found.map((profile) => textOf(profile, 'Encoding'))).toEqual([['H265'], ['H264']]);
    }
  });

  it('(ver20) gives configurations only when they are asked for', async () => {
    const found = await profiles('plain', MEDIA2, `<GetProfiles ${TR2}/>`);
    expect(found.flatMap((profile) => profile.children.map(({ name }) => name))).toEqual(['Name', 'Name']);
  });

  it('(ver10) counts frames in whole numbers', async () => {
    const face = new TestFace({ main: { ...H265_MAIN, codec: 'h264', framesPerSecond: 12.5 } });
    const heard = await face.ask(MEDIA, `<GetVideoEncoderConfigurations ${TRT}/>`);
    expect(textOf(heard.body(), 'FrameRateLimit')).toEqual(['13', '15']);
  });

  it('refuses an unknown profile and a transport that it has not', async () => {
    const face = new TestFace();
    const stream = (protocol: string, token: string): string =>
      `<GetStreamUri ${TRT}><StreamSetup><tt:Stream>RTP-Unicast</tt:Stream><tt:Transport><tt:Protocol>${protocol}</tt:Protocol></tt:Transport></StreamSetup><ProfileToken>${token}</ProfileToken></GetStreamUri>`;
    expect(subcodesOf((await face.ask(MEDIA, stream('RTSP', 'x'))).body())).toEqual([
      'Sender',
      'InvalidArgVal',
      'NoProfile',
    ]);
    expect(subcodesOf((await face.ask(MEDIA, stream('HTTP', 'Profile_1'))).body())).toEqual([
      'Sender',
      'InvalidArgVal',
      'InvalidStreamSetup',
    ]);
    expect((await face.ask(MEDIA, `<GetStreamUri ${TRT}/>`)).status).toBe(400);
  });
});

describe('what is no request', () => {
  const face = new TestFace();
  it.each([
    ['nothing', '', 400, ['Sender', 'WellFormed']],
    ['no XML', 'GET / HTTP/1.1', 400, ['Sender', 'WellFormed']],
    ['a DOCTYPE', `<!DOCTYPE x>${envelope('<a/>')}`, 400, ['Sender', 'WellFormed']],
    ['another root', '<a/>', 400, ['Sender', 'TagMismatch']],
    ['an empty body', envelope(''), 400, ['Sender', 'TagMismatch']],
    ['two operations', envelope(`<GetScopes ${TDS}/><GetScopes ${TDS}/>`), 400, ['Sender', 'TagMismatch']],
    [
      'SOAP 1.1',
      envelope('<a/>')
        .replace('2003/05/soap-envelope', 'x')
        .replace('http://www.w3.org/x', 'http://schemas.xmlsoap.org/soap/envelope/'),
      500,
      ['VersionMismatch'],
    ],
    [
      'a header that must be understood',
      envelope(`<GetScopes ${TDS}/>`, '<x:y xmlns:x="urn:x" s:mustUnderstand="1"/>'),
      500,
      ['MustUnderstand'],
    ],
    [
      'another service',
      envelope('<GetNodes xmlns="http://www.onvif.org/ver20/ptz/wsdl"/>'),
      400,
      ['Sender', 'UnknownAction'],
    ],
    [
      'an operation that it has not',
      envelope(`<StartFirmwareUpgrade ${TDS}/>`),
      500,
      ['Receiver', 'ActionNotSupported'],
    ],
  ])('%s gets its fault', async (_, text, status, codes) => {
    const heard = await face.send(DEVICE, text);
    expect([heard.status, subcodesOf(heard.body())]).toEqual([status, codes]);
  });

  it('an unknown path is not found', async () => {
    expect((await face.send('/onvif/replay_service', envelope(`<GetScopes ${TDS}/>`))).status).toBe(404);
    expect((await face.get(DEVICE)).status).toBe(405);
  });
});
