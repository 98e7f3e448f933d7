import { describe, expect, it } from '@jest/globals';
import { mutate, seededRandom } from '../onvif/testing/mutate.ts';
import { matchesScopes, matchesTypes } from './matching.ts';
import { readDiscovery, type DiscoveryQuery } from './messages.ts';
import { probeXml, resolveXml } from './testing/queries.ts';

const RUNS = Number(process.env['ATALAYA_FUZZ_RUNS'] ?? 100_000);

function read(text: string): DiscoveryQuery {
  const result = readDiscovery(Buffer.from(text));
  if (!result.ok) throw new Error(result.refusal.message);
  return result.value;
}

function codeOf(text: string): string {
  const result = readDiscovery(Buffer.from(text));
  return result.ok ? 'ok' : result.refusal.code;
}

describe('readDiscovery', () => {
  it('reads the probe that ONVIF clients send', () => {
    expect(read(probeXml({ id: 'urn:uuid:1', types: 'dn:NetworkVideoTransmitter' }))).toMatchObject({
      kind: 'probe',
      messageId: 'urn:uuid:1',
      types: [{ namespace: 'http://www.onvif.org/ver10/network/wsdl', name: 'NetworkVideoTransmitter' }],
      scopes: [],
      dialect: { d: 'd' },
    });
  });

  it('reads the probe of WS-Discovery 1.1', () => {
    expect(read(probeXml({ id: 'urn:uuid:1', version: '1.1' }))).toMatchObject({
      kind: 'probe',
      types: [],
      dialect: { d: 'd11', wsa: 'wsa' },
    });
  });

  it('reads a resolve', () => {
    expect(read(resolveXml('urn:uuid:2', 'urn:uuid:camera'))).toMatchObject({
      kind: 'resolve',
      endpoint: 'urn:uuid:camera',
    });
  });

  it.each([
    ['nothing', '', 'xml-not-well-formed'],
    ['a DOCTYPE', `<!DOCTYPE a>${probeXml({ id: 'a' })}`, 'xml-doctype'],
    ['no MessageID', probeXml({ id: '' }), 'discovery-message'],
    ['a MessageID of two thousand characters', probeXml({ id: 'x'.repeat(2_000) }), 'discovery-message'],
    ['a type whose prefix nobody declared', probeXml({ id: 'a', types: 'nobody:Device' }), 'discovery-message'],
    ['a hundred types', probeXml({ id: 'a', types: 'dn:Device '.repeat(100) }), 'discovery-message'],
    ['a hundred scopes', probeXml({ id: 'a', scopes: 'onvif://x '.repeat(100) }), 'discovery-message'],
    ['a Hello', probeXml({ id: 'a' }).replaceAll('d:Probe', 'd:Hello'), 'discovery-message'],
    [
      'SOAP 1.1',
      probeXml({ id: 'a' }).replace('http://www.w3.org/2003/05/soap-envelope', 'urn:x'),
      'discovery-message',
    ],
    [
      'another discovery',
      probeXml({ id: 'a' }).replaceAll('2005/04/discovery', '2004/10/discovery'),
      'discovery-message',
    ],
    ['a resolve of nobody', resolveXml('a', ''), 'discovery-message'],
  ])('refuses %s', (_, text, code) => {
    expect(codeOf(text)).toBe(code);
  });

  it(`reads ${RUNS} bent datagrams to a query or a refusal, and throws never`, () => {
    const random = seededRandom(3);
    const seeds = [
      probeXml({
        id: 'urn:uuid:1',
        types: 'dn:NetworkVideoTransmitter tds:Device',
        scopes: 'onvif://www.onvif.org/type/ptz',
      }),
      probeXml({ id: 'urn:uuid:2', version: '1.1' }),
      resolveXml('urn:uuid:3', 'urn:uuid:camera'),
    ].map((text) => Buffer.from(text));
    let queries = 0;
    for (let run = 0; run < RUNS; run++) {
      const reading = readDiscovery(mutate(seeds[run % seeds.length]!, random));
      if (!reading.ok) continue;
      queries++;
      if (reading.value.kind === 'probe')
        matchesScopes(reading.value.scopes, ['onvif://www.onvif.org/type/ptz'], reading.value.matchBy);
    }
    expect(queries).toBeGreaterThan(RUNS / 100);
    expect(queries).toBeLessThan(RUNS * 0.9);
  }, 60_000);
});

describe('matching', () => {
  const own = [
    'onvif://www.onvif.org/type/ptz',
    'onvif://www.onvif.org/name/Plaza%20de%20Armas',
    'onvif://www.onvif.org/Profile/Streaming',
  ];
  const onvif = 'http://www.onvif.org/ver10/network/wsdl';

  it('wants every type asked for, by namespace and name', () => {
    expect(matchesTypes([])).toBe(true);
    expect(matchesTypes([{ namespace: onvif, name: 'NetworkVideoTransmitter' }])).toBe(true);
    expect(matchesTypes([{ namespace: 'urn:other', name: 'NetworkVideoTransmitter' }])).toBe(false);
    expect(
      matchesTypes([
        { namespace: onvif, name: 'NetworkVideoTransmitter' },
        { namespace: onvif, name: 'NetworkVideoDisplay' },
      ]),
    ).toBe(false);
  });

  it.each([
    ['nothing', [], true],
    ['a whole scope', ['onvif://www.onvif.org/type/ptz'], true],
    ['whole segments', ['onvif://www.onvif.org/type'], true],
    ['a trailing slash', ['onvif://www.onvif.org/type/'], true],
    ['the host in capitals', ['ONVIF://WWW.ONVIF.ORG/type/ptz'], true],
    ['an escaped letter', ['onvif://www.onvif.org/name/Plaza%20de%20%41rmas'], true],
    ['two that are there', ['onvif://www.onvif.org/type/ptz', 'onvif://www.onvif.org/Profile'], true],
    ['part of a segment', ['onvif://www.onvif.org/type/pt'], false],
    ['the path in capitals', ['onvif://www.onvif.org/TYPE'], false],
    ['one that is not there', ['onvif://www.onvif.org/type/ptz', 'onvif://www.onvif.org/type/audio'], false],
    ['dot segments', ['onvif://www.onvif.org/type/../type/ptz'], false],
    ['a broken escape', ['onvif://www.onvif.org/name/%zz'], false],
    ['no URI', ['ptz'], false],
  ])('compares scopes by segments: %s', (_, asked, expected) => {
    expect(matchesScopes(asked, own, '')).toBe(expected);
  });

  it('compares by characters when told to, and matches nothing by an unknown rule', () => {
    const strcmp0 = 'http://schemas.xmlsoap.org/ws/2005/04/discovery/strcmp0';
    expect(matchesScopes(['onvif://www.onvif.org/type/ptz'], own, strcmp0)).toBe(true);
    expect(matchesScopes(['onvif://www.onvif.org/type'], own, strcmp0)).toBe(false);
    expect(
      matchesScopes(['onvif://www.onvif.org/type/ptz'], own, 'http://schemas.xmlsoap.org/ws/2005/04/discovery/ldap'),
    ).toBe(false);
  });
});
