import { ok, refusal, refused, type Result } from '#libs/base';
import { escapeXml, find, findAll, plainText, readXml, textAt, type XmlElement } from './xml.ts';

/** Where probes go (WS-Discovery 1.0 §2.4, ONVIF Core 7.2). */
export const DISCOVERY_GROUP = '239.255.255.250';
export const DISCOVERY_PORT = 3702;

/** One device's words about itself in ProbeMatches, ResolveMatches, Hello or Bye. */
export interface Announcement {
  /** As given, normalised by {@link readEndpointReference}; `null` when absent or useless. */
  readonly endpointReference: string | null;
  readonly types: readonly string[];
  readonly scopes: readonly string[];
  readonly xAddrs: readonly string[];
}

export type DiscoveryMessage =
  | { readonly kind: 'matches'; readonly relatesTo: string | null; readonly devices: readonly Announcement[] }
  | { readonly kind: 'hello' | 'bye'; readonly devices: readonly Announcement[] }
  /** Somebody else's probe: heard by whoever listens on the group. */
  | { readonly kind: 'probe' };

/** A datagram over UDP/IPv4 carries at most 65,507 bytes. */
export const MAX_DATAGRAM_BYTES = 65_507;
const MAX_DEVICES = 64;
const MAX_LIST = 64;
const MAX_ITEM_CHARS = 500;

/**
 * A Probe for video transmitters (WS-Discovery 1.0 §5.2, ONVIF Core 7.3). `messageId` is a bare UUID, new for each probe:
 * answers carry it in RelatesTo. Types and scopes are left out by `anyType`, for devices that answer only to that.
 */
export function probeMessage(messageId: string, options: { readonly anyType?: boolean } = {}): Buffer {
  const types = options.anyType
    ? ''
    : '<d:Types xmlns:dn="http://www.onvif.org/ver10/network/wsdl">dn:NetworkVideoTransmitter</d:Types>';
  return Buffer.from(
    '<?xml version="1.0" encoding="UTF-8"?>' +
      '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"' +
      ' xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"' +
      ' xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"><s:Header>' +
      '<a:Action s:mustUnderstand="1">http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</a:Action>' +
      `<a:MessageID>urn:uuid:${escapeXml(messageId)}</a:MessageID>` +
      '<a:ReplyTo><a:Address>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address></a:ReplyTo>' +
      '<a:To s:mustUnderstand="1">urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To></s:Header>' +
      `<s:Body><d:Probe>${types}</d:Probe></s:Body></s:Envelope>`,
  );
}

/**
 * Reads one datagram of the discovery group. Nothing in it is believed yet: addresses are held to the sender by
 * `chooseXAddr`. Refusals: `discovery-malformed`, `discovery-empty` (an answer without a device).
 */
export function readDiscovery(datagram: Uint8Array): Result<DiscoveryMessage> {
  if (datagram.length > MAX_DATAGRAM_BYTES) return bad('discovery-malformed', 'longer than a datagram');
  const xml = readXml(datagram);
  if (!xml.ok) return bad('discovery-malformed', `${xml.refusal.code}: ${xml.refusal.message}`);
  if (xml.value.name !== 'Envelope') return bad('discovery-malformed', 'not a SOAP envelope');
  const content = find(xml.value, 'Body')?.children[0];
  switch (content?.name) {
    case 'ProbeMatches':
    case 'ResolveMatches': {
      const devices = matchesOf(content);
      if (devices.length === 0) return bad('discovery-empty', 'the answer names no device');
      return ok({
        kind: 'matches',
        relatesTo: readEndpointReference(textAt(xml.value, ['Header', 'RelatesTo'])),
        devices,
      });
    }
    case 'Hello':
      return ok({ kind: 'hello', devices: [announcementOf(content)] });
    case 'Bye':
      return ok({ kind: 'bye', devices: [announcementOf(content)] });
    case 'Probe':
    case 'Resolve':
      return ok({ kind: 'probe' });
    default:
      return bad('discovery-malformed', `unexpected body ${plainText(content?.name ?? 'nothing', 60)}`);
  }
}

/** The key that makes two references one: lower case, `urn:uuid:` in front of a bare UUID; `null` when it names nobody. */
export function readEndpointReference(text: string): string | null {
  const lower = plainText(text, 200).toLowerCase();
  const uuid = /([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/.exec(lower)?.[1];
  if (uuid) return /^[0-]+$/.test(uuid) ? null : `urn:uuid:${uuid}`;
  return /^[a-z][a-z0-9+.-]*:\S{3,}$/.test(lower) ? lower : null;
}

function matchesOf(content: XmlElement): Announcement[] {
  return content.children
    .filter((child) => child.name === 'ProbeMatch' || child.name === 'ResolveMatch')
    .slice(0, MAX_DEVICES)
    .map(announcementOf);
}

function announcementOf(element: XmlElement): Announcement {
  return {
    endpointReference: readEndpointReference(textAt(element, ['EndpointReference', 'Address'])),
    types: listAt(element, 'Types'),
    scopes: listAt(element, 'Scopes'),
    xAddrs: listAt(element, 'XAddrs'),
  };
}

/** Whitespace-separated lists (xs:list). Some devices repeat the element instead: both are read. */
function listAt(element: XmlElement, name: string): string[] {
  const items = findAll(element, name).flatMap((child) => child.text.split(/\s+/));
  return items.filter((item) => item !== '' && item.length <= MAX_ITEM_CHARS).slice(0, MAX_LIST);
}

function bad(code: string, message: string): Result<never> {
  return refused(refusal('peer-failed', code, message));
}
