import { refusal, type Refusal } from '#libs/base';

/**
 * Why a device could not be used. Every failure of this lib is one of these, so that a screen has words for each:
 * - `onvif-unreachable`: no connection (refused, no route, reset before an answer)
 * - `onvif-timeout`: connected or not, no whole answer in time
 * - `onvif-unauthorized`: the login was refused
 * - `onvif-locked`: the device refuses logins for a while after too many wrong ones
 * - `onvif-malformed`: the answer is not what ONVIF says, too large, or holds a document type
 * - `onvif-not-supported`: the device says it cannot do this
 * - `onvif-fault`: any other SOAP fault; the message carries its reason
 * - `onvif-redirected`: the device answered with a redirect, which is never followed
 * - `onvif-no-video`: it is ONVIF and has no H.264, H.265 or JPEG profile
 */
export const ONVIF_CODES = [
  'onvif-unreachable',
  'onvif-timeout',
  'onvif-unauthorized',
  'onvif-locked',
  'onvif-malformed',
  'onvif-not-supported',
  'onvif-fault',
  'onvif-redirected',
  'onvif-no-video',
] as const;
export type OnvifCode = (typeof ONVIF_CODES)[number];

export function onvifRefusal(code: OnvifCode, message: string): Refusal {
  return refusal(code === 'onvif-unauthorized' ? 'bad-input' : 'peer-failed', code, message);
}

/** Node's system error codes that mean that no answer came (errno(3)). */
const SYSTEM_CODES: Readonly<Record<string, OnvifCode>> = {
  ECONNREFUSED: 'onvif-unreachable',
  ECONNRESET: 'onvif-unreachable',
  EHOSTUNREACH: 'onvif-unreachable',
  EHOSTDOWN: 'onvif-unreachable',
  ENETUNREACH: 'onvif-unreachable',
  EADDRNOTAVAIL: 'onvif-unreachable',
  EPIPE: 'onvif-unreachable',
  EACCES: 'onvif-unreachable',
  EPERM: 'onvif-unreachable',
  ENOTFOUND: 'onvif-unreachable',
  EAI_AGAIN: 'onvif-unreachable',
  ETIMEDOUT: 'onvif-timeout',
};

/** Turns an error of a socket or of the HTTP parser into a refusal. */
export function failureOf(thrown: unknown): Refusal {
  const code = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? String(thrown.code) : '';
  const known = SYSTEM_CODES[code];
  if (known === 'onvif-timeout') return onvifRefusal(known, 'the device did not answer in time');
  if (known) return onvifRefusal(known, `no connection (${code})`);
  if (code.startsWith('HPE_')) return onvifRefusal('onvif-malformed', `not HTTP (${code})`);
  if (code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS') || code === 'EPROTO')
    return onvifRefusal('onvif-unreachable', 'no TLS connection');
  return onvifRefusal('onvif-unreachable', code === '' ? 'the connection failed' : `the connection failed (${code})`);
}
