import { refusal, type Refusal } from '#libs/base';

/** Failures whose own text names an address: that is for the log, viewers read this. */
const PUBLIC_MESSAGES: Readonly<Record<string, string>> = {
  'rtsp-foreign-host': 'the camera names a stream on another host',
  'rtsp-redirected': 'the camera redirects to where it may not, or without end',
  'rtsp-bad-address': 'the recorded stream address cannot be used',
  'sdp-malformed': 'the camera describes its stream in a way that cannot be used',
};

/** Codes of the system (errno) and what a control room is told. Texts name no address: viewers may read them. */
const SOCKET_FAILURES: Readonly<Record<string, readonly [code: string, message: string]>> = {
  ECONNREFUSED: ['connect-refused', 'the camera refuses connections on its stream port'],
  EHOSTUNREACH: ['host-unreachable', 'no device answers at the camera address'],
  ENETUNREACH: ['host-unreachable', 'there is no route to the camera address'],
  ETIMEDOUT: ['connect-timeout', 'the camera did not answer'],
  ENOTFOUND: ['host-unknown', 'the camera host name is not known'],
  EAI_AGAIN: ['host-unknown', 'the camera host name could not be looked up'],
  ECONNRESET: ['connection-reset', 'the camera broke the connection'],
  EPIPE: ['connection-reset', 'the camera broke the connection'],
};

export function socketRefusal(error: NodeJS.ErrnoException): Refusal {
  const known = SOCKET_FAILURES[error.code ?? ''];
  if (known) return refusal('peer-failed', known[0], known[1]);
  return refusal('peer-failed', 'connection-failed', `connection failed (${error.code ?? 'unknown'})`);
}

/** The same for viewers. */
export function publicRefusal(reason: Refusal): Refusal {
  const told = PUBLIC_MESSAGES[reason.code];
  return told === undefined ? reason : { ...reason, message: told };
}
