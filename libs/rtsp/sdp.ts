import { MAX_SDP_LINES, MAX_SDP_MEDIA } from './limits.ts';

/** `a=rtpmap:96 H264/90000` (RFC 4566 §6). */
export interface RtpMap {
  /** Upper case. */
  readonly encoding: string;
  readonly clockRate: number;
}

/** One `m=` section. */
export interface MediaDescription {
  /** `video`, `audio`, `application`, in lower case. */
  readonly type: string;
  /** `RTP/AVP`, upper case. */
  readonly protocol: string;
  /** Payload types in the order of preference. */
  readonly payloadTypes: readonly number[];
  readonly rtpMaps: ReadonlyMap<number, RtpMap>;
  /** `a=fmtp`: parameters by lower-case name. */
  readonly formatParameters: ReadonlyMap<number, ReadonlyMap<string, string>>;
  /** `a=control` (RFC 2326 §C.1.1); empty when absent. */
  readonly control: string;
}

export interface SessionDescription {
  readonly control: string;
  readonly media: readonly MediaDescription[];
}

interface OpenMedia {
  type: string;
  protocol: string;
  payloadTypes: number[];
  rtpMaps: Map<number, RtpMap>;
  formatParameters: Map<number, ReadonlyMap<string, string>>;
  control: string;
}

/**
 * SDP as cameras write it (RFC 4566): line ends of any kind, lines in any order, unknown ones passed over. `undefined` only
 * when it is not SDP at all (no `v=` or `m=` line) or past a cap.
 */
export function parseSdp(text: string): SessionDescription | undefined {
  const lines = text.split(/\r\n|\n|\r/, MAX_SDP_LINES + 1);
  if (lines.length > MAX_SDP_LINES) return undefined;
  const media: OpenMedia[] = [];
  let control = '';
  let isSdp = false;
  for (const raw of lines) {
    const line = raw.trim();
    isSdp ||= line.startsWith('v=') || line.startsWith('m=');
    const open = media.at(-1);
    if (line.startsWith('m=')) media.push(beginMedia(line.slice(2)));
    else if (open) readAttribute(open, line);
    else if (line.startsWith('a=control:')) control = line.slice(10).trim();
    if (media.length > MAX_SDP_MEDIA) return undefined;
  }
  return isSdp ? { control, media } : undefined;
}

/** `video 0 RTP/AVP 96 97` */
function beginMedia(value: string): OpenMedia {
  const [type = '', , protocol = '', ...formats] = value.split(/\s+/, 40);
  return {
    type: type.toLowerCase(),
    protocol: protocol.toUpperCase(),
    payloadTypes: formats.map(payloadTypeOf).filter((one) => one !== undefined),
    rtpMaps: new Map(),
    formatParameters: new Map(),
    control: '',
  };
}

function readAttribute(media: OpenMedia, line: string): void {
  const found = /^a=(control|rtpmap|fmtp):\s*(.*)$/.exec(line);
  if (!found) return;
  const value = found[2]!.trim();
  if (found[1] === 'control') media.control = value;
  else if (found[1] === 'rtpmap') readRtpMap(media, value);
  else readFormatParameters(media, value);
}

function readRtpMap(media: OpenMedia, value: string): void {
  const found = /^(\d{1,3})\s+([^\s/]{1,64})\/(\d{1,8})/.exec(value);
  const payloadType = payloadTypeOf(found?.[1]);
  if (!found || payloadType === undefined) return;
  media.rtpMaps.set(payloadType, { encoding: found[2]!.toUpperCase(), clockRate: Number(found[3]) });
}

/** `96 packetization-mode=1; sprop-parameter-sets=Z0IA…==,aM4…==`: a value may itself contain `=`. */
function readFormatParameters(media: OpenMedia, value: string): void {
  const found = /^(\d{1,3})\s+(.*)$/.exec(value);
  const payloadType = payloadTypeOf(found?.[1]);
  if (!found || payloadType === undefined) return;
  const parameters = new Map<string, string>();
  for (const part of found[2]!.split(';', 64)) {
    const equals = part.indexOf('=');
    if (equals > 0) parameters.set(part.slice(0, equals).trim().toLowerCase(), part.slice(equals + 1).trim());
  }
  media.formatParameters.set(payloadType, parameters);
}

function payloadTypeOf(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,3}$/.test(text)) return undefined;
  const value = Number(text);
  return value <= 127 ? value : undefined;
}
