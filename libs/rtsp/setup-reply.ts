import { MAX_KEEP_ALIVE_MS, MAX_SESSION_ID_CHARS, MIN_KEEP_ALIVE_MS } from './limits.ts';

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

export interface Channels {
  readonly rtpChannel: number;
  readonly rtcpChannel: number;
}

/** What we ask for; a server may settle on others. */
export const ASKED_CHANNELS: Channels = { rtpChannel: 0, rtcpChannel: 1 };

/**
 * The channels of a Transport field (RFC 2326 §12.39). A field without `interleaved` that names TCP, or no field at all,
 * means what was asked for; one that names UDP or channels above 255 is no answer to our question: `undefined`.
 */
export function parseInterleaved(text: string | undefined): Channels | undefined {
  if (text === undefined) return ASKED_CHANNELS;
  const parameters = text
    .split(',', 1)[0]!
    .split(';')
    .map((part) => part.trim().toLowerCase());
  const found = parameters.map((part) => /^interleaved\s*=\s*(\d{1,3})(?:\s*-\s*(\d{1,3}))?$/.exec(part)).find(Boolean);
  if (!found) return parameters[0]!.endsWith('/tcp') ? ASKED_CHANNELS : undefined;
  const rtpChannel = Number(found[1]);
  const second = Number(found[2] ?? rtpChannel + 1);
  const rtcpChannel = second === rtpChannel ? rtpChannel + 1 : second;
  return rtpChannel <= 255 && rtcpChannel <= 255 ? { rtpChannel, rtcpChannel } : undefined;
}
