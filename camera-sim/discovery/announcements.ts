import type { SimCamera } from '../model.ts';
import { NAMESPACES } from '../onvif/namespaces.ts';
import { DEVICE_PATH, rulesOf, scopesOf } from '../onvif/index.ts';
import { el, elWith, qname, writeXml, type XmlContent, type XmlNode } from '../onvif/xml-writer.ts';
import { DIALECT_2005, type DiscoveryQuery, type Dialect } from './messages.ts';
import { CAMERA_TYPES } from './matching.ts';

/** Order of what the town says, WS-Discovery appendix I: lets a listener drop late and repeated messages. */
export interface Sequence {
  /** Seconds at which this run of the town began. */
  readonly instanceId: number;
  readonly messageNumber: number;
}

/** One camera as it is announced. */
export interface Announced {
  readonly camera: SimCamera;
  /** Grows whenever addresses, types or scopes change. */
  readonly metadataVersion: number;
}

export function xAddrsOf(camera: SimCamera): string[] {
  const { onvifPort, macAddress, vendor } = camera.spec;
  const own = `http://${camera.host}:${onvifPort}${DEVICE_PATH}`;
  if (!rulesOf(vendor).discovery.linkLocalFirst) return [own];
  return [`http://[${linkLocalOf(macAddress)}]:${onvifPort}${DEVICE_PATH}`, own];
}

/** RFC 4291 appendix A: an interface identifier made of the MAC address. */
export function linkLocalOf(macAddress: string): string {
  const bytes = macAddress.split(':').map((part) => Number.parseInt(part, 16));
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = bytes;
  const group = (high: number, low: number): string => ((high << 8) | low).toString(16);
  const groups = [group(a ^ 0x02, b), group(c, 0xff), group(0xfe, d), group(e, f)];
  // RFC 5952 §4.2: `::` takes in every zero that follows it.
  return `fe80::${(groups[0] === '0' ? groups.slice(1) : groups).join(':')}`;
}

export function helloXml(announced: Announced, messageId: string, sequence: Sequence): string {
  return message(
    DIALECT_2005,
    'Hello',
    DIALECT_2005.multicastTo,
    messageId,
    undefined,
    sequence,
    targetXml(DIALECT_2005, announced, false),
  );
}

/** Says no more than who leaves. */
export function byeXml(announced: Announced, messageId: string, sequence: Sequence): string {
  const content = endpointXml(DIALECT_2005, announced.camera.spec.endpointReference);
  return message(DIALECT_2005, 'Bye', DIALECT_2005.multicastTo, messageId, undefined, sequence, content);
}

/** ProbeMatches or ResolveMatches with the one camera, for the one who asked. */
export function answerXml(query: DiscoveryQuery, announced: Announced, messageId: string, sequence: Sequence): string {
  const { dialect } = query;
  const kind = query.kind === 'probe' ? 'Probe' : 'Resolve';
  const omitTypes = query.kind === 'probe' && rulesOf(announced.camera.spec.vendor).discovery.omitTypes;
  const match = el(`${dialect.d}:${kind}Match`, targetXml(dialect, announced, omitTypes));
  return message(dialect, `${kind}Matches`, dialect.anonymous, messageId, query.messageId, sequence, match);
}

/** As a buffer that was too small leaves it: the message ends in the middle of its scopes. */
export function brokenXml(whole: string): string {
  return whole.slice(0, Math.floor(whole.length * 0.7));
}

function message(
  { d, wsa }: Dialect,
  name: string,
  to: string,
  messageId: string,
  relatesTo: string | undefined,
  sequence: Sequence,
  content: XmlContent,
): string {
  const header = el(
    'env:Header',
    el(`${wsa}:MessageID`, messageId),
    relatesTo === undefined ? undefined : el(`${wsa}:RelatesTo`, relatesTo),
    el(`${wsa}:To`, to),
    el(`${wsa}:Action`, `${NAMESPACES[d]}/${name}`),
    sequenceXml(d, sequence),
  );
  return writeXml(el('env:Envelope', header, el('env:Body', el(`${d}:${name}`, content))), { wsa04: 'wsa', d11: 'd' });
}

function sequenceXml(d: Dialect['d'], { instanceId, messageNumber }: Sequence): XmlNode {
  return elWith(`${d}:AppSequence`, { InstanceId: instanceId, MessageNumber: messageNumber });
}

function endpointXml({ wsa }: Dialect, endpoint: string): XmlNode {
  return el(`${wsa}:EndpointReference`, el(`${wsa}:Address`, endpoint));
}

function targetXml(dialect: Dialect, { camera, metadataVersion }: Announced, omitTypes: boolean): XmlNode[] {
  const { d } = dialect;
  const { fixed, configurable } = scopesOf(camera);
  const types = CAMERA_TYPES.flatMap((type, index) => [index === 0 ? '' : ' ', qname(type)]);
  return [
    endpointXml(dialect, camera.spec.endpointReference),
    ...(omitTypes ? [] : [el(`${d}:Types`, types)]),
    el(`${d}:Scopes`, [...fixed, ...configurable].join(' ')),
    el(`${d}:XAddrs`, xAddrsOf(camera).join(' ')),
    el(`${d}:MetadataVersion`, metadataVersion),
  ];
}
