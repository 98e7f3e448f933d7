import { z } from 'zod';
import { CALL_CAPS, CHANNEL_CODES, MAX_PHONE_CHARS, PLACE_CAPS, normalisePhone } from '#libs/dispatch';
import { place as point } from './camera.ts';

/**
 * Characters that no typed word needs: C0 and C1 controls but for the line break, and those that turn the direction of
 * what follows (Unicode TR 36 §2.5), by which a text can show other than it says.
 */
// oxlint-disable-next-line no-control-regex -- the controls are what is looked for
const UNSEEN = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** Half of a surrogate pair: no text has it, and neither JSON (RFC 8785 §3.2.2.2) nor PostgreSQL takes it. */
const HALF = /\p{Surrogate}/gu;

/** An id that a client made or names. In lower case (RFC 9562 §4), so that two spellings are one thing. */
export const clientId = z.uuid().toLowerCase();

/** One line as somebody typed it: NFC, no line breaks or controls, trimmed. Longer than `maxChars` is refused unread. */
export function line(maxChars: number, minChars = 0) {
  return z
    .string()
    .max(maxChars)
    .transform((text) =>
      text.replace(HALF, '\ufffd').normalize('NFC').replace(UNSEEN, ' ').replaceAll('\n', ' ').trim(),
    )
    .pipe(z.string().min(minChars).max(maxChars));
}

/** The same with its line breaks. */
export function prose(maxChars: number, minChars = 0) {
  return z
    .string()
    .max(maxChars)
    .transform((text) =>
      text.replace(HALF, '\ufffd').normalize('NFC').replaceAll('\r\n', '\n').replace(UNSEEN, ' ').trim(),
    )
    .pipe(z.string().min(minChars).max(maxChars));
}

/**
 * On every command. `commandId` is made by the client, a UUID: the same one again is the same command and is done once.
 * `sentAtMs` is the client's clock when it sent; one that is far off is refused with `client-clock-off`.
 */
export const commandEnvelope = {
  commandId: clientId,
  sentAtMs: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
};

/** When it happened, if that is told later (a crew without coverage). */
export const happenedAtMs = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional();

/** A Peruvian telephone number as typed; the server keeps it in one form. Refused with the issue `phone-malformed`. */
export const phone = z
  .string()
  .max(MAX_PHONE_CHARS)
  .transform((typed, context) => {
    const normal = normalisePhone(typed);
    if (normal.ok) return normal.value;
    context.addIssue(normal.refusal.code);
    return z.NEVER;
  });

/** Whether it lies in the province is decided with the command: `place-outside-province`. */
export const incidentPlace = z.object({
  point: point.nullable(),
  sectorId: clientId.nullable(),
  address: line(PLACE_CAPS.address),
  reference: line(PLACE_CAPS.reference),
});

export const callBody = z.object({
  id: clientId,
  channel: z.enum(CHANNEL_CODES),
  receivedAtMs: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
  callerName: line(CALL_CAPS.callerName).default(''),
  callerPhone: phone.nullable().default(null),
  callerAddress: line(CALL_CAPS.callerAddress).default(''),
  callerPoint: point.nullable().default(null),
  mayBeNamed: z.boolean().default(false),
});
