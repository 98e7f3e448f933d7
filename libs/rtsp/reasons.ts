import { refusal, type Refusal, type RefusalKind } from '#libs/base';

/** Why an RTSP session ended by itself. Stable: screens translate by these. */
export const RTSP_REASONS = {
  /** The stream's address cannot be used: not rtsp, has user information, control characters, too long. */
  'rtsp-bad-address': 'bad-input',
  /** Login missing, refused, or of a scheme that we do not speak. */
  'rtsp-unauthorized': 'peer-failed',
  'rtsp-forbidden': 'peer-failed',
  'rtsp-not-found': 'peer-failed',
  /** A status that leaves nothing to try; `details.status` has it. 453 Not Enough Bandwidth is "too many viewers". */
  'rtsp-refused': 'peer-failed',
  /** Not RTSP, or past a cap of length or number. */
  'rtsp-malformed': 'peer-failed',
  /** No complete response within its deadline, or silence while playing. */
  'rtsp-timeout': 'peer-failed',
  /** The camera names a control address on another host. */
  'rtsp-foreign-host': 'peer-failed',
  /** A redirect to another port or host, in `details.url`: the caller decides whether to connect there (RFC 2326 §11.3). */
  'rtsp-redirected': 'peer-failed',
  /** The transport asked for was not granted: status 461, or another one in the answer (RFC 2326 §11.3.14, §12.39). */
  'rtsp-transport-refused': 'peer-failed',
  /** The server ended the session: TEARDOWN, REDIRECT without Location, or 454 on a keep-alive. */
  'rtsp-ended': 'peer-failed',
  'sdp-malformed': 'peer-failed',
  'sdp-no-video': 'peer-failed',
  /** Video in a codec or packetization that the relay does not carry; `details.encoding` names it. */
  'codec-unsupported': 'peer-failed',
} as const satisfies Readonly<Record<string, RefusalKind>>;

export type RtspReason = keyof typeof RTSP_REASONS;

export function rtspRefusal(code: RtspReason, message: string, details?: Readonly<Record<string, unknown>>): Refusal {
  return refusal(RTSP_REASONS[code], code, message, details);
}
