import { ok, type Result } from '#libs/base';
import type { GeoPoint } from '#libs/geo';
import { normalisePhone } from './phone.ts';
import { no } from './refusals.ts';
import type { Channel } from './vocabulary.ts';

export const CALL_CAPS = { callerName: 120, callerAddress: 200, callsPerIncident: 50 } as const;

/** Somebody reports (llamada). Several calls may be about one incident. */
export interface Call {
  readonly id: string;
  readonly channel: Channel;
  /** When it rang or the message came; at or before the incident was opened. */
  readonly receivedAtMs: number;
  readonly callerName: string;
  /** Normalised by {@link normalisePhone}; `null` when withheld or not a telephone. */
  readonly callerPhone: string | null;
  readonly callerAddress: string;
  /** Where the caller is, when a network or device said so. */
  readonly callerPoint: GeoPoint | null;
  /** The caller agrees to be named to the police; without it their identity stays in the centre (Ley 30120). */
  readonly mayBeNamed: boolean;
}

/** Checks a call's caps and normalises its phone. Refuses with `text-too-long`, `phone-malformed`. */
export function checkCall(call: Call): Result<Call> {
  if (call.callerName.length > CALL_CAPS.callerName || call.callerAddress.length > CALL_CAPS.callerAddress)
    return no('text-too-long', 'a caller has a name of at most 120 and an address of at most 200 characters');
  if (call.callerPhone === null) return ok(call);
  const phone = normalisePhone(call.callerPhone);
  return phone.ok ? ok({ ...call, callerPhone: phone.value }) : phone;
}
