import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  chooseXAddr,
  isAllowedTarget,
  networkText,
  normaliseAddress,
  parseNetwork,
  parseNetworks,
  parseSweepRange,
  parseTypedAddress,
  parseWebAddress,
  readWidening,
  webAddressText,
} from '#libs/onvif';

const PRIVATE = parseNetworks([
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '169.254.0.0/16',
  'fc00::/7',
  'fe80::/10',
]);
const EVERYTHING = parseNetworks(['0.0.0.0/0', '::/0']);
const codeOf = (result: { ok: boolean; refusal?: { code: string } }): string => result.refusal?.code ?? 'accepted';

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
