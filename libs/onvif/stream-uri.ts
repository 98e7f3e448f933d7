import { ok, refused, type Result } from '#libs/base';
import { normaliseAddress } from './address.ts';
import { onvifRefusal } from './failure.ts';

/** An address to pull from, held to the device that named it. */
export interface HeldUri {
  readonly uri: string;
  /** What had to be put right, for the record. */
  readonly quirks: readonly UriQuirk[];
}
export type UriQuirk = 'stream-host-replaced' | 'stream-login-stripped';

const MAX_URI_CHARS = 1024;

/**
 * Holds the answer of GetStreamUri (ONVIF Media 5.15.1) to the device's own host: another host is replaced (devices
 * behind a router name their public or factory address; a hostile one would have us pull from somebody else), a login is
 * stripped (it is kept sealed, not in an address), a fragment dropped. Only `rtsp` and `rtsps`. Refusal: `onvif-malformed`.
 */
export function guardStreamUri(text: string, deviceHost: string): Result<HeldUri> {
  const trimmed = text.trim();
  if (trimmed.length > MAX_URI_CHARS) return bad('longer than 1024 characters');
  if (/[\p{Cc}\s<>"\\^`{|}]/u.test(trimmed)) return bad('characters that no URI may hold');
  const match = /^(rtsps?):\/\/([^/?#]*)([^#]*)/i.exec(trimmed);
  if (!match) return bad('it is not rtsp');
  const [scheme, authority, rest] = [match[1]!.toLowerCase(), match[2]!, match[3]!];
  const at = authority.lastIndexOf('@');
  const place = /^(\[[0-9a-fA-F:.]{2,45}(?:%\w{1,16})?\]|[^:[\]]*)(?::(\d{0,5}))?$/.exec(authority.slice(at + 1));
  if (!place || Number(place[2] ?? 0) > 65_535) return bad('its host or port cannot be read');
  const host = place[1]!.replace(/^\[|\]$/g, '');
  const quirks: UriQuirk[] = [];
  if ((normaliseAddress(host) ?? host) !== deviceHost) quirks.push('stream-host-replaced');
  if (at >= 0) quirks.push('stream-login-stripped');
  const shown = deviceHost.includes(':') ? `[${deviceHost}]` : deviceHost;
  const port = Number(place[2] ?? 0) > 0 ? `:${Number(place[2])}` : '';
  return ok({ uri: `${scheme}://${shown}${port}${rest === '' || rest.startsWith('/') ? rest : `/${rest}`}`, quirks });
}

function bad(why: string): Result<never> {
  return refused(onvifRefusal('onvif-malformed', `the device's stream address cannot be used: ${why}`));
}
