import { describe, expect, it } from '@jest/globals';
import { probeMessage, readDiscovery, readEndpointReference, readMacAddress, readScopes } from '#libs/onvif';

const body = (xml: string): string => `<s:Envelope xmlns:s="x"><s:Header/><s:Body>${xml}</s:Body></s:Envelope>`;
const codeOf = (result: { ok: boolean; refusal?: { code: string } }): string => result.refusal?.code ?? 'accepted';

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
