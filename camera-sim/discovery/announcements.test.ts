import { describe, expect, it } from '@jest/globals';
import { XMLValidator } from 'fast-xml-parser';
import { testCamera } from '../onvif/testing/camera.ts';
import { allNamed } from '../onvif/testing/client.ts';
import { readXml, type XmlElement } from '../onvif/xml-reader.ts';
import { answerXml, brokenXml, byeXml, helloXml, linkLocalOf, xAddrsOf } from './announcements.ts';
import { DIALECT_11, DIALECT_2005, type DiscoveryQuery } from './messages.ts';

const SEQUENCE = { instanceId: 1_700_000_000, messageNumber: 7 };
const PROBE: DiscoveryQuery = {
  kind: 'probe',
  dialect: DIALECT_2005,
  messageId: 'urn:uuid:asked',
  types: [],
  scopes: [],
  matchBy: '',
};

function read(text: string): XmlElement {
  const xml = readXml(Buffer.from(text));
  if (!xml.ok) throw new Error(xml.refusal.message);
  return xml.value;
}

function textsOf(root: XmlElement, name: string): string[] {
  return allNamed(root, name).map(({ text }) => text);
}

function answerOf(over: Parameters<typeof testCamera>[0] = {}, query: DiscoveryQuery = PROBE): XmlElement {
  return read(
    answerXml(query, { camera: testCamera({ onvifPort: 8000, ...over }), metadataVersion: 3 }, 'urn:uuid:me', SEQUENCE),
  );
}

describe('an answer to a probe', () => {
  it('relates to the question and holds all that ONVIF asks for', () => {
    const answer = answerOf();
    expect([textsOf(answer, 'RelatesTo'), textsOf(answer, 'MessageID')]).toEqual([['urn:uuid:asked'], ['urn:uuid:me']]);
    expect(textsOf(answer, 'Action')).toEqual(['http://schemas.xmlsoap.org/ws/2005/04/discovery/ProbeMatches']);
    expect(textsOf(answer, 'Address')).toEqual(['urn:uuid:5f5a69c2-e0ae-504f-829b-020000000101']);
    expect(textsOf(answer, 'XAddrs')).toEqual(['http://127.0.1.1:8000/onvif/device_service']);
    expect(textsOf(answer, 'MetadataVersion')).toEqual(['3']);
    const [types] = allNamed(answer, 'Types');
    const names = types?.text
      .split(' ')
      .map((name) => `${types.resolve(name.split(':')[0] ?? '')} ${name.split(':')[1]}`);
    expect(names).toEqual([
      'http://www.onvif.org/ver10/network/wsdl NetworkVideoTransmitter',
      'http://www.onvif.org/ver10/device/wsdl Device',
    ]);
    expect(allNamed(answer, 'AppSequence')[0]?.attributes.get('MessageNumber')).toBe('7');
  });

  it('is in the dialect of the question', () => {
    const answer = answerOf({}, { ...PROBE, dialect: DIALECT_11 });
    expect(allNamed(answer, 'ProbeMatch')[0]?.namespace).toBe('http://docs.oasis-open.org/ws-dd/ns/discovery/2009/01');
    expect(allNamed(answer, 'RelatesTo')[0]?.namespace).toBe('http://www.w3.org/2005/08/addressing');
  });

  it('writes names into scopes as each maker does', () => {
    const nameOf = (vendor: 'plain' | 'halcon' | 'bluecape'): string | undefined =>
      textsOf(answerOf({ vendor }), 'Scopes')[0]
        ?.split(' ')
        .find((scope) => scope.includes('/name/'));
    expect(nameOf('plain')).toBe('onvif://www.onvif.org/name/Muelle%20Sur%20%2F%20%C3%91and%C3%BA');
    expect(nameOf('halcon')).toBe('onvif://www.onvif.org/name/Muelle%20Sur%20%2f%20%c3%91and%c3%ba');
    expect(nameOf('bluecape')).toBe('onvif://www.onvif.org/name/Muelle_Sur_Ñandú');
  });

  it('of halcon begins with an address of no use, of bluecape has no types', () => {
    const camera = testCamera({ vendor: 'halcon', onvifPort: 8000 });
    expect(xAddrsOf(camera)).toEqual([
      'http://[fe80::ff:fe00:101]:8000/onvif/device_service',
      'http://127.0.1.1:8000/onvif/device_service',
    ]);
    expect(allNamed(answerOf({ vendor: 'bluecape' }), 'Types')).toEqual([]);
  });

  it('can be cut in the middle', () => {
    const whole = answerXml(PROBE, { camera: testCamera(), metadataVersion: 1 }, 'urn:uuid:me', SEQUENCE);
    expect(XMLValidator.validate(whole)).toBe(true);
    expect(XMLValidator.validate(brokenXml(whole))).not.toBe(true);
  });
});

describe('Hello and Bye', () => {
  it('go to everyone, and Bye says only who leaves', () => {
    const announced = { camera: testCamera({ onvifPort: 8000 }), metadataVersion: 2 };
    const hello = read(helloXml(announced, 'urn:uuid:me', SEQUENCE));
    expect(textsOf(hello, 'To')).toEqual(['urn:schemas-xmlsoap-org:ws:2005:04:discovery']);
    expect(textsOf(hello, 'XAddrs')).toHaveLength(1);
    const bye = read(byeXml(announced, 'urn:uuid:me', SEQUENCE));
    expect([textsOf(bye, 'XAddrs'), textsOf(bye, 'Address')]).toEqual([[], [announced.camera.spec.endpointReference]]);
  });
});

describe('linkLocalOf', () => {
  it('is the interface identifier of RFC 4291 appendix A', () => {
    // The example of the RFC: 34-56-78-9A-BC-DE.
    expect(linkLocalOf('34:56:78:9A:BC:DE')).toBe('fe80::3656:78ff:fe9a:bcde');
  });
});
