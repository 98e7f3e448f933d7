import { MAX_KEEP_ALIVE_MS, MAX_SESSION_ID_CHARS, MIN_KEEP_ALIVE_MS } from './limits.ts';
import type { Delivery, PortPair } from './session-types.ts';

/** `Session: 47112344;timeout=60` (RFC 2326 §12.37). */
export interface SessionHeader {
  readonly id: string;
  readonly timeoutMs: number | undefined;
}

export function parseSessionHeader(text: string): SessionHeader | undefined {
  const [id = '', ...parameters] = text.split(';', 8).map((part) => part.trim());
  if (id === '' || id.length > MAX_SESSION_ID_CHARS || /[^\x21-\x7e]/.test(id)) return undefined;
  const timeout = parameters
    .map((part) => /^timeout\s*=\s*(\d{1,6})$/i.exec(part)?.[1])
    .find((one) => one !== undefined);
  const timeoutMs = Number(timeout ?? 0) * 1000;
  return { id, timeoutMs: timeoutMs > 0 ? timeoutMs : undefined };
}

/** Half the session timeout, so that one lost keep-alive can be made good. */
export function keepAliveMsOf(sessionTimeoutMs: number): number {
  return Math.min(MAX_KEEP_ALIVE_MS, Math.max(MIN_KEEP_ALIVE_MS, sessionTimeoutMs / 2));
}

const MAX_TRANSPORT_PARAMETERS = 32;

export interface Channels {
  readonly rtpChannel: number;
  readonly rtcpChannel: number;
}

/** What we ask for; a server may settle on others. */
export const ASKED_CHANNELS: Channels = { rtpChannel: 0, rtcpChannel: 1 };
export const ASKED_AUDIO_CHANNELS: Channels = { rtpChannel: 2, rtcpChannel: 3 };

/**
 * The channels of a Transport field (RFC 2326 §12.39). A field without `interleaved` that names TCP, or no field at all,
 * means what was asked for; one that names UDP or channels above 255 is no answer to our question: `undefined`.
 */
export function parseInterleaved(text: string | undefined, asked = ASKED_CHANNELS): Channels | undefined {
  if (text === undefined) return asked;
  const parameters = parametersOf(text);
  const found = parameters.map((part) => /^interleaved\s*=\s*(\d{1,3})(?:\s*-\s*(\d{1,3}))?$/.exec(part)).find(Boolean);
  if (!found) return parameters[0]!.endsWith('/tcp') ? asked : undefined;
  const rtpChannel = Number(found[1]);
  const second = Number(found[2] ?? rtpChannel + 1);
  const rtcpChannel = second === rtpChannel ? rtpChannel + 1 : second;
  return rtpChannel <= 255 && rtcpChannel <= 255 ? { rtpChannel, rtcpChannel } : undefined;
}

/** The Transport field of SETUP: datagrams to these ports of ours, or packets on these channels. */
export function transportWish(ports: PortPair | undefined, channels: Channels): string {
  return ports
    ? `RTP/AVP;unicast;client_port=${ports.rtpPort}-${ports.rtcpPort}`
    : `RTP/AVP/TCP;unicast;interleaved=${channels.rtpChannel}-${channels.rtcpChannel}`;
}

/** What the camera answers to {@link transportWish}; undefined: something else. */
export function deliveryOf(
  text: string | undefined,
  ports: PortPair | undefined,
  channels: Channels,
): Delivery | undefined {
  if (ports) {
    const reply = parseUdpReply(text, ports);
    return reply.isGranted ? { kind: 'udp', from: reply.from } : undefined;
  }
  const settled = parseInterleaved(text, channels);
  return settled && { kind: 'interleaved', ...settled };
}

/** What a Transport field answers to a wish for datagrams. */
export type UdpReply =
  /** `from`: where the camera sends from, when it says so. */
  { readonly isGranted: true; readonly from: PortPair | undefined } | { readonly isGranted: false };

const REFUSED: UdpReply = { isGranted: false };

/**
 * Reads a Transport field (RFC 2326 §12.39) as the answer to `client_port=<asked>`. No field at all grants what was asked
 * for. TCP, multicast and other ports of ours are no answer to our question. `source` and `destination` are not looked at:
 * cameras behind address translation name their inner addresses there, and datagrams are held to the camera's address
 * in any case.
 */
export function parseUdpReply(text: string | undefined, asked: PortPair): UdpReply {
  if (text === undefined) return { isGranted: true, from: undefined };
  const parameters = parametersOf(text);
  const isOther =
    parameters[0]!.endsWith('/tcp') || parameters.some((part) => /^(interleaved\b|multicast$)/.test(part));
  if (isOther) return REFUSED;
  const client = portsIn(parameters, 'client_port');
  if (client && client.rtpPort !== asked.rtpPort) return REFUSED;
  return { isGranted: true, from: portsIn(parameters, 'server_port') };
}

function portsIn(parameters: readonly string[], name: string): PortPair | undefined {
  for (const part of parameters) {
    const found = /^([a-z_]{1,16})\s*=\s*(\d{1,5})(?:\s*-\s*(\d{1,5}))?$/.exec(part);
    if (found?.[1] !== name) continue;
    const rtpPort = Number(found[2]);
    const second = Number(found[3] ?? rtpPort + 1);
    const rtcpPort = second === rtpPort ? rtpPort + 1 : second;
    return isPort(rtpPort) && isPort(rtcpPort) ? { rtpPort, rtcpPort } : undefined;
  }
  return undefined;
}

function isPort(port: number): boolean {
  return port >= 1 && port <= 65_535;
}

/** Of the first transport named; a server must name one only. */
function parametersOf(text: string): readonly string[] {
  return text
    .split(',', 1)[0]!
    .split(';', MAX_TRANSPORT_PARAMETERS)
    .map((part) => part.trim().toLowerCase());
}
