import { ok, refusal, refused, type Result } from '#libs/base';

/** Where a stream is fetched from: always the host that was recorded for its camera. */
export interface StreamTarget {
  readonly host: string;
  readonly port: number;
  /** `rtsp://host:port/path?query`, without user information. */
  readonly url: string;
}

const RTSP_PORT = 554;
const MAX_URI_CHARS = 1024;

/**
 * Reads a stream's address and holds it to its camera. What a camera answered (a stream URI, a redirect) is outside
 * input: followed blindly it would let a device choose whom the relay connects to (SSRF).
 */
export function streamTarget(uri: string, cameraHost: string): Result<StreamTarget> {
  if (uri.length > MAX_URI_CHARS) return bad(`stream address has ${uri.length} characters, limit ${MAX_URI_CHARS}`);
  const parsed = parse(uri);
  if (!parsed) return bad('stream address is not an rtsp:// URL with a host');
  const host = bare(parsed.hostname);
  if (host !== bare(cameraHost)) {
    return refused(
      refusal('forbidden', 'stream-host-foreign', "the stream address names another host than the camera's"),
    );
  }
  const port = parsed.port === '' ? RTSP_PORT : Number(parsed.port);
  if (port < 1) return bad('stream address names port 0');
  const authority = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  return ok({ host, port, url: `rtsp://${authority}${parsed.pathname}${parsed.search}` });
}

function bad(message: string): Result<StreamTarget> {
  return refused(refusal('bad-input', 'stream-address-invalid', message));
}

function parse(uri: string): URL | undefined {
  // Control characters would be stripped silently by the URL parser and could split a request line.
  if ([...uri].some((char) => char <= ' ' || char === '\u007f')) return undefined;
  const parsed = URL.canParse(uri) ? new URL(uri) : undefined;
  return parsed?.protocol === 'rtsp:' && parsed.hostname !== '' ? parsed : undefined;
}

/** Host names compare without case and an IPv6 address without its brackets (RFC 3986 §3.2.2). */
function bare(host: string): string {
  return host.toLowerCase().replace(/^\[|\]$/g, '');
}
