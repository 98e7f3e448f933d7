import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mutate, seededRandom } from '../../scripts/fuzz/mutate.ts';
import {
  chooseProfiles,
  chooseXAddr,
  clockErrorOf,
  guardStreamUri,
  identityOf,
  isAllowedTarget,
  networkText,
  normaliseAddress,
  parseNetwork,
  parseNetworks,
  parseSweepRange,
  parseTypedAddress,
  parseWebAddress,
  probeMessage,
  readDeviceTime,
  readDiscovery,
  readEndpointReference,
  readMacAddress,
  readProfiles,
  readScopes,
  readSoap,
  readWidening,
  readXml,
  webAddressText,
  type VideoProfile,
} from '#libs/onvif';
import { FUZZ_CASES } from './fuzz-cases.ts';
import { usernameToken } from './soap.ts';

const PRIVATE = parseNetworks([
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '169.254.0.0/16',
  'fc00::/7',
  'fe80::/10',
]);
const EVERYTHING = parseNetworks(['0.0.0.0/0', '::/0']);
const body = (xml: string): string => `<s:Envelope xmlns:s="x"><s:Header/><s:Body>${xml}</s:Body></s:Envelope>`;
const codeOf = (result: { ok: boolean; refusal?: { code: string } }): string => result.refusal?.code ?? 'accepted';

describe('xml', () => {
  it('reads names without prefixes, text, references and attributes', () => {
    const xml = readXml(
      '\uFEFF <?xml version="1.0"?><a:b xmlns:a="u" token="x&amp;y"><c> 1 &lt; 2 &#x41;&#66;&unknown; </c><c/></a:b>',
    );
    if (!xml.ok) throw new Error(xml.refusal.message);
    expect(xml.value.name).toBe('b');
    expect(xml.value.attributes.get('token')).toBe('x&y');
    expect(xml.value.children.map((child) => child.text)).toEqual(['1 < 2 AB&unknown;', '']);
  });

  it.each([
    ['xml-doctype', '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'],
    ['xml-doctype', '<!doctype html><html></html>'],
    ['xml-too-large', 'x'.repeat(600_000)],
    ['xml-too-large', `<a>${'<b/>'.repeat(25_000)}</a>`],
    ['xml-malformed', '<a>'.repeat(100) + '</a>'.repeat(100)],
    ['xml-malformed', '<a><b></a>'],
    ['xml-malformed', 'not xml at all'],
    ['xml-malformed', ''],
  ])('refuses with %s', (code, text) => expect(codeOf(readXml(text))).toBe(code));

  it('does not let a name reach an object’s prototype', () => {
    const xml = readXml('<a><__proto__><polluted>yes</polluted></__proto__><constructor x="1"/></a>');
    expect(xml.ok || xml.refusal.code === 'xml-malformed').toBe(true);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('soap', () => {
  it('makes the digest of the ONVIF Application Programmer’s Guide (6.1.1.3)', () => {
    const nonce = Buffer.from('LKqI6G/AikKCQrN0zqZFlg==', 'base64');
    const token = usernameToken(
      { username: 'user', password: 'userpassword' },
      Date.UTC(2010, 8, 16, 7, 50, 45),
      nonce,
    );
    expect(token).toContain(
      '<Created xmlns="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd">2010-09-16T07:50:45Z<',
    );
    expect(token).toContain('>tuOSpGlFlIXsozq4HFNeeGeFLEI=<');
    expect(usernameToken({ username: 'a<&"b', password: '' }, 0, nonce)).toContain(
      '<Username>a&#60;&#38;&#34;b</Username>',
    );
  });

  it.each([
    [
      'onvif-unauthorized',
      '<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>ter:NotAuthorized</s:Value></s:Subcode></s:Code></s:Fault>',
    ],
    [
      'onvif-unauthorized',
      '<s:Fault><s:Code><s:Value>s:Sender</s:Value></s:Code><s:Reason><s:Text>Sender not authorized</s:Text></s:Reason></s:Fault>',
    ],
    [
      'onvif-unauthorized',
      '<s:Fault><faultcode>wsse:FailedAuthentication</faultcode><faultstring>x</faultstring></s:Fault>',
    ],
    [
      'onvif-not-supported',
      '<s:Fault><s:Code><s:Value>s:Receiver</s:Value><s:Subcode><s:Value>ter:ActionNotSupported</s:Value></s:Subcode></s:Code></s:Fault>',
    ],
    ['onvif-fault', '<s:Fault><s:Reason><s:Text>out of memory</s:Text></s:Reason></s:Fault>'],
    ['onvif-malformed', ''],
  ])('reads a fault as %s', (code, xml) => expect(codeOf(readSoap(body(xml)))).toBe(code));
});

describe('device time', () => {
  const time = (inner: string): string =>
    body(
      `<GetSystemDateAndTimeResponse><SystemDateAndTime>${inner}</SystemDateAndTime></GetSystemDateAndTimeResponse>`,
    );
  const moment = (name: string, month = 2): string =>
    `<${name}><Time><Hour>23</Hour><Minute>4</Minute><Second>5</Second></Time><Date><Year>2026</Year><Month>${month}</Month><Day>1</Day></Date></${name}>`;
  const read = (inner: string): unknown => {
    const soap = readSoap(time(inner));
    const said = soap.ok ? readDeviceTime(soap.value) : soap;
    return said.ok ? [new Date(said.value.utcMs).toISOString(), said.value.source] : said.refusal.code;
  };

  it('prefers UTC, then local with its zone, then local alone', () => {
    expect(read(moment('UTCDateTime') + moment('LocalDateTime', 3))).toEqual(['2026-02-01T23:04:05.000Z', 'utc']);
    expect(read(`<TimeZone><TZ>PET5</TZ></TimeZone>${moment('LocalDateTime')}`)).toEqual([
      '2026-02-02T04:04:05.000Z',
      'local',
    ]);
    expect(read(`<TimeZone><TZ>&lt;-05&gt;5</TZ></TimeZone>${moment('LocalDateTime')}`)).toEqual([
      '2026-02-02T04:04:05.000Z',
      'local',
    ]);
    expect(read(`<TimeZone><TZ>CET-1CEST,M3.5.0</TZ></TimeZone>${moment('LocalDateTime')}`)).toEqual([
      '2026-02-01T22:04:05.000Z',
      'local',
    ]);
    expect(read(moment('LocalDateTime'))).toEqual(['2026-02-01T23:04:05.000Z', 'local-without-zone']);
    expect(read('')).toBe('onvif-malformed');
    expect(read(moment('UTCDateTime', 13))).toBe('onvif-malformed');
  });

  it('bounds the true error by half the trip and the second cut off', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1e9, max: 1e9 }),
        fc.integer({ min: 0, max: 5000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 0, max: 1e6 }),
        (trueErrorMs, tripMs, when, startMs) => {
          const sentMs = 1.7e12 + startMs;
          const deviceMs = sentMs + tripMs * when + trueErrorMs;
          const said = Math.floor(deviceMs / 1000) * 1000;
          const { errorMs, uncertaintyMs } = clockErrorOf(said, sentMs, sentMs + tripMs);
          expect(Math.abs(errorMs - trueErrorMs)).toBeLessThanOrEqual(uncertaintyMs + 1);
        },
      ),
      { numRuns: 5000 },
    );
  });
});

describe('ws-discovery', () => {
  const match = (inner: string): Buffer => Buffer.from(body(`<d:ProbeMatches xmlns:d="d">${inner}</d:ProbeMatches>`));

  it('asks as ONVIF Core 7.3 wants', () => {
    const text = probeMessage('0f1e2d3c-0000-4000-8000-000000000001').toString();
    expect(text).toContain('urn:uuid:0f1e2d3c-0000-4000-8000-000000000001');
    expect(text).toContain('http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe');
    expect(codeOf(readDiscovery(Buffer.from(text)))).toBe('accepted');
  });

  it('reads several devices from one answer and refuses what is none', () => {
    const one = (uuid: string): string =>
      `<d:ProbeMatch xmlns:d="d"><EndpointReference><Address>${uuid}</Address></EndpointReference><Scopes>a b</Scopes><XAddrs>http://10.0.0.7/x\n http://10.0.0.8/y</XAddrs></d:ProbeMatch>`;
    const read = readDiscovery(
      match(one('UUID:00010010-0001-1020-8000-AABBCCDDEEFF') + one('00000000-0000-0000-0000-000000000000')),
    );
    expect(read.ok && read.value.kind === 'matches' && read.value.devices).toEqual([
      {
        endpointReference: 'urn:uuid:00010010-0001-1020-8000-aabbccddeeff',
        types: [],
        scopes: ['a', 'b'],
        xAddrs: ['http://10.0.0.7/x', 'http://10.0.0.8/y'],
      },
      { endpointReference: null, types: [], scopes: ['a', 'b'], xAddrs: ['http://10.0.0.7/x', 'http://10.0.0.8/y'] },
    ]);
    expect(codeOf(readDiscovery(match('')))).toBe('discovery-empty');
    expect(codeOf(readDiscovery(Buffer.from('M-SEARCH * HTTP/1.1\r\n')))).toBe('discovery-malformed');
  });

  it('makes one reference of many writings', () => {
    for (const text of [
      'urn:uuid:ABCDEF00-0000-4000-8000-000000000001',
      'uuid:abcdef00-0000-4000-8000-000000000001',
      ' {ABCDEF00-0000-4000-8000-000000000001}',
    ])
      expect(readEndpointReference(text)).toBe('urn:uuid:abcdef00-0000-4000-8000-000000000001');
    expect(readEndpointReference('http://cam/1')).toBe('http://cam/1');
    expect(readEndpointReference('nonsense')).toBeNull();
  });

  it('reads scopes', () => {
    expect(
      readScopes([
        'onvif://www.onvif.org/name/Muelle%20Fiscal',
        'onvif://www.onvif.org/hardware/NG-200',
        'onvif://www.onvif.org/location/city/Ilo',
        'onvif://www.onvif.org/location/country/peru',
        'onvif://www.onvif.org/MAC/AA-BB-CC-DD-EE-FF',
        'onvif://www.onvif.org/name/%E0%A4%A',
      ]),
    ).toEqual({ name: 'Muelle Fiscal', hardware: 'NG-200', location: 'Ilo, peru', macAddress: 'aa:bb:cc:dd:ee:ff' });
    expect(readMacAddress('00:00:00:00:00:00')).toBeNull();
  });
});

describe('addresses', () => {
  it.each([
    ['10.1.2.3', true],
    ['192.168.0.1', true],
    ['172.32.0.1', false],
    ['8.8.8.8', false],
    ['127.0.0.1', false],
    ['::ffff:10.1.2.3', true],
    ['::ffff:8.8.8.8', false],
    ['::ffff:7f00:1', false],
    ['fd12::1', true],
    ['169.254.1.1', true],
    ['169.254.169.254', false],
    ['::ffff:a9fe:a9fe', false],
    ['0x0a.1.2.3', false],
    ['010.1.2.3', false],
    ['167837955', false],
    ['localhost', false],
    ['', false],
  ])('%s allowed: %s', (host, allowed) => expect(isAllowedTarget(host, PRIVATE)).toBe(allowed));

  it('lets loopback in only when it is on the list', () => {
    expect(isAllowedTarget('127.0.1.1', [...PRIVATE, ...parseNetworks(['127.0.0.0/8'])])).toBe(true);
    expect(isAllowedTarget('127.0.1.1', parseNetworks(['127.0.1.0/24']))).toBe(true);
    for (const host of ['127.0.1.1', '::1', '::ffff:127.0.0.1'])
      expect([host, isAllowedTarget(host, EVERYTHING)]).toEqual([host, false]);
  });

  it.each([
    '169.254.169.254',
    'fd00:ec2::254',
    '0.0.0.0',
    '0.1.2.3',
    '224.0.0.1',
    '239.255.255.250',
    '255.255.255.255',
    '::',
    'ff02::1',
    '::ffff:169.254.169.254',
    '64:ff9b::a9fe:a9fe',
    '2002:a9fe:a9fe::1',
  ])('never lets %s in, even when everything is allowed', (host) => {
    expect(isAllowedTarget('8.8.8.8', EVERYTHING) && isAllowedTarget('2001:db8::1', EVERYTHING)).toBe(true);
    expect(isAllowedTarget(host, EVERYTHING)).toBe(false);
    expect(isAllowedTarget(host, parseNetworks([`${host}/${host.includes(':') ? 128 : 32}`]))).toBe(false);
  });

  it.each([
    ['190.12.5.77/24', '190.12.5.0/24'],
    [' 2001:0DB8:0:0:1:0:0:5/64 ', '2001:db8::/64'],
    ['2001:db8:0:1:0:2:0:0/112', '2001:db8:0:1:0:2::/112'],
    ['169.254.0.0/16', '169.254.0.0/16'],
    ['8.0.0.0/8', '8.0.0.0/8'],
    ['10.20.30.40', 'network-malformed'],
    ['cameras.example/24', 'network-malformed'],
    ['10.0.0.0/33', 'network-malformed'],
    ['0.0.0.0/0', 'network-too-wide'],
    ['8.0.0.0/7', 'network-too-wide'],
    ['2000::/3', 'network-too-wide'],
    ['127.0.0.0/8', 'network-forbidden'],
    ['127.0.1.1/32', 'network-forbidden'],
    ['::1/128', 'network-forbidden'],
    ['::/24', 'network-forbidden'],
    ['169.254.169.254/32', 'network-forbidden'],
    ['fd00:ec2::254/128', 'network-forbidden'],
    ['0.0.0.0/8', 'network-forbidden'],
    ['239.1.0.0/16', 'network-forbidden'],
    ['255.255.255.255/32', 'network-forbidden'],
    ['ff02::/32', 'network-forbidden'],
  ])('an administrator who adds %s gets %s', (text, answer) => {
    const read = readWidening(text);
    expect(read.ok ? networkText(read.value) : read.refusal.code).toBe(answer);
  });

  it('writes every network so that it reads the same', () => {
    const base = fc.oneof(
      fc.ipV4().map((ip) => [ip, 32]),
      fc.ipV6().map((ip) => [ip, 128]),
    );
    fc.assert(
      fc.property(base, fc.nat(), ([ip, bits], draw) => {
        const network = parseNetwork(`${ip}/${draw % (Number(bits) + 1)}`);
        if (network) expect(parseNetwork(networkText(network))).toEqual(network);
      }),
      { numRuns: 3000 },
    );
  });

  it('judges an address as the network mathematics do', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.integer({ min: 0, max: 32 }), fc.ipV4(), (base, prefix, host) => {
        const number = (text: string): number => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
        const size = 2 ** (32 - prefix);
        const inside = Math.floor(number(base) / size) === Math.floor(number(host) / size);
        const first = Number(host.split('.')[0]);
        const never = first === 0 || first >= 224 || host === '169.254.169.254';
        const loopback = first === 127 && (prefix < 8 || !base.startsWith('127.'));
        expect(isAllowedTarget(host, parseNetworks([`${base}/${prefix}`]))).toBe(inside && !never && !loopback);
      }),
      { numRuns: 3000 },
    );
  });

  it('expands a range in order, without network and broadcast', () => {
    const range = parseSweepRange('192.168.5.9/29', PRIVATE);
    if (!range.ok) throw new Error(range.refusal.message);
    expect(range.value.cidr).toBe('192.168.5.8/29');
    expect(Array.from({ length: range.value.hosts }, (_, i) => range.value.at(i))).toEqual(
      [9, 10, 11, 12, 13, 14].map((n) => `192.168.5.${n}`),
    );
    const pair = parseSweepRange('10.255.255.255/32', PRIVATE);
    expect(pair.ok && [pair.value.hosts, pair.value.at(0)]).toEqual([1, '10.255.255.255']);
  });

  it.each([
    ['cidr-too-large', '10.0.0.0/8'],
    ['accepted', '10.0.0.0/20'],
    ['address-not-allowed', '8.8.8.0/24'],
    ['address-not-allowed', '172.16.0.0/11'],
    ['cidr-malformed', 'fd00::/120'],
    ['cidr-malformed', '10.0.0.0'],
    ['cidr-malformed', '10.0.0.0/33'],
  ])('range: %s for %s', (code, text) =>
    expect(['cidr-too-large', code]).toContain(codeOf(parseSweepRange(text, PRIVATE))),
  );

  it('reads what people type', () => {
    expect(parseTypedAddress(' 10.0.0.7 ')).toEqual({
      host: '10.0.0.7',
      port: null,
      path: '/onvif/device_service',
      secure: false,
    });
    expect(parseTypedAddress('Cam-1.lan:81')).toMatchObject({ host: 'cam-1.lan', port: 81 });
    expect(parseTypedAddress('http://admin:pw@10.0.0.7:80/onvif/x')).toMatchObject({
      host: '10.0.0.7',
      port: 80,
      path: '/onvif/x',
    });
    expect(parseTypedAddress('https://10.0.0.7')).toMatchObject({
      port: 443,
      secure: true,
      path: '/onvif/device_service',
    });
    expect(parseTypedAddress('[fd00::7]:8000')).toMatchObject({ host: 'fd00::7', port: 8000 });
    for (const wrong of [
      '',
      'a b',
      '10.0.0.7:0',
      '10.0.0.7:99999',
      '010.0.0.7',
      'file:///x',
      'rtsp://10.0.0.7/',
      '-x.lan',
      '1.2.3',
    ])
      expect(parseTypedAddress(wrong)).toBeUndefined();
  });

  it('chooses the address at the sender, plain and IPv4 first, and holds a foreign one to the sender', () => {
    const chosen = (xAddrs: string[], sender = '10.0.0.7'): unknown => {
      const result = chooseXAddr(xAddrs, sender);
      return result.ok ? [webAddressText(result.value.address), result.value.hostReplaced] : result.refusal.code;
    };
    expect(
      chosen(['http://[fe80::1]/d', 'http://192.168.1.108/d', 'https://10.0.0.7/d', 'http://10.0.0.7:8000/d']),
    ).toEqual(['http://10.0.0.7:8000/d', false]);
    expect(chosen(['http://192.168.1.108:81/d'])).toEqual(['http://10.0.0.7:81/d', true]);
    expect(chosen(['http://[fe80::1]/six', 'http://192.168.1.108/four'])).toEqual(['http://10.0.0.7:80/four', true]);
    expect(chosen(['http://127.0.1.4:8000/d'], '127.0.0.1')).toEqual(['http://127.0.1.4:8000/d', false]);
    expect(chosen(['gopher://10.0.0.7/', 'http://', '10.0.0.7'])).toBe('onvif-malformed');
    expect(parseWebAddress('http://user:secret@10.0.0.7/x')).toEqual({
      secure: false,
      host: '10.0.0.7',
      port: 80,
      path: '/x',
    });
    expect(normaliseAddress('::FFFF:10.0.0.7')).toBe('10.0.0.7');
  });
});

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

describe('profiles', () => {
  const profile = (token: string, codec: VideoProfile['codec'], widthPx: number, heightPx: number): VideoProfile => ({
    token,
    name: token,
    codec,
    widthPx,
    heightPx,
    framesPerSecond: 25,
    bitrateKbps: 1000,
    hasPtz: false,
  });

  it('reads both media services', () => {
    const media1 = readSoap(
      body(
        '<GetProfilesResponse><Profiles token="000"><Name>main</Name><VideoEncoderConfiguration><Encoding>H264</Encoding><Resolution><Width>1920</Width><Height>1080</Height></Resolution><RateControl><FrameRateLimit>25</FrameRateLimit><BitrateLimit>4096000</BitrateLimit></RateControl></VideoEncoderConfiguration><PTZConfiguration/></Profiles>' +
          '<Profiles token="audio"><Name>x</Name></Profiles><Profiles><Name>no token</Name></Profiles></GetProfilesResponse>',
      ),
    );
    expect(media1.ok && readProfiles(media1.value)).toEqual([
      {
        token: '000',
        name: 'main',
        codec: 'h264',
        widthPx: 1920,
        heightPx: 1080,
        framesPerSecond: 25,
        bitrateKbps: 4096,
        hasPtz: true,
      },
    ]);
    const media2 = readSoap(
      body(
        '<GetProfilesResponse><Profiles token="1.0"><Name/><Configurations><VideoEncoder><Encoding>H265</Encoding><Resolution><Width>640</Width><Height>360</Height></Resolution></VideoEncoder></Configurations></Profiles></GetProfilesResponse>',
      ),
    );
    expect(media2.ok && readProfiles(media2.value)).toEqual([
      {
        token: '1.0',
        name: '1.0',
        codec: 'h265',
        widthPx: 640,
        heightPx: 360,
        framesPerSecond: null,
        bitrateKbps: null,
        hasPtz: false,
      },
    ]);
  });

  it('takes the largest as main and the H.264 nearest to a tile as sub', () => {
    const chosen = chooseProfiles([
      profile('jpeg', 'mjpeg', 4000, 3000),
      profile('sub265', 'h265', 640, 360),
      profile('main', 'h265', 2560, 1440),
      profile('mid', 'h264', 1280, 720),
      profile('sub', 'h264', 704, 480),
    ]);
    expect([chosen.main?.token, chosen.sub?.token]).toEqual(['main', 'sub']);
    expect(chooseProfiles([profile('only', 'h264', 640, 360)]).sub).toBeUndefined();
    expect(chooseProfiles([profile('jpeg', 'mjpeg', 640, 360)]).main?.token).toBe('jpeg');
    expect(chooseProfiles([])).toEqual({ main: undefined, sub: undefined });
  });
});

describe('identity', () => {
  const marks = {
    endpointReference: null,
    macAddress: null,
    manufacturer: 'Halcón',
    serialNumber: null,
    host: '10.0.0.7',
    port: 80,
  };
  it('goes from the firmest mark to the loosest', () => {
    expect(identityOf({ ...marks, endpointReference: 'urn:uuid:x', macAddress: 'aa:bb:cc:dd:ee:ff' })).toBe(
      'urn:uuid:x',
    );
    expect(identityOf({ ...marks, macAddress: 'aa:bb:cc:dd:ee:ff', serialNumber: 'A1B2' })).toBe(
      'mac:aa:bb:cc:dd:ee:ff',
    );
    expect(identityOf({ ...marks, serialNumber: 'A1B2' })).toBe('serial:halcón:a1b2');
    expect(identityOf({ ...marks, serialNumber: '0000000' })).toBe('host:10.0.0.7:80');
  });
});

describe('hostile input', () => {
  const RUNS = Number(process.env['ATALAYA_FUZZ_RUNS'] ?? 24_000);
  it.each(FUZZ_CASES.map((fuzz) => [fuzz.name, fuzz] as const))('%s neither throws nor stalls', (_name, fuzz) => {
    const random = seededRandom(20_260_122);
    for (const seed of fuzz.seeds) fuzz.run(seed);
    for (let run = 0; run < RUNS; run++) {
      const bytes = mutate(fuzz.seeds, random, 2048);
      try {
        fuzz.run(bytes);
      } catch (thrown) {
        throw new Error(`run ${run} (${bytes.toString('base64')}) threw`, { cause: thrown });
      }
    }
  });

  it('reads the worst within its caps in under a second', () => {
    const worst = [
      'xmlns'.repeat(100_000),
      `<a ${'xmlns:b="'.repeat(50_000)}></a>`,
      `<a>${'&'.repeat(400_000)}</a>`,
      `<a>${'<!--'.repeat(100_000)}</a>`,
      `<a>${'<![CDATA['.repeat(50_000)}</a>`,
      '<'.repeat(500_000),
      `<a>${'<b c="d'.repeat(19_000)}`,
      `<a b="${'x '.repeat(200_000)}"/>`,
      ' '.repeat(500_000),
      `<a>${' '.repeat(500_000)}`,
    ];
    for (const text of worst) {
      const startMs = performance.now();
      readDiscovery(Buffer.from(text.slice(0, 65_507)));
      readXml(text);
      expect({ text: text.slice(0, 20), slow: performance.now() - startMs > 1000 }).toEqual({
        text: text.slice(0, 20),
        slow: false,
      });
    }
  });
});
