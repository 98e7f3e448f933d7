import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Leave to read one camera's video for a short while: who, which camera, which stream, until when. Signed by the api,
 * checked by the relay; neither asks the other.
 */
export interface VideoTicket {
  readonly cameraId: string;
  readonly accountId: string;
  readonly stream: 'main' | 'sub';
  readonly expiresAtMs: number;
  /** The stream converted to this where it is of another codec; left out: as the camera sends it. */
  readonly as?: 'h264';
  /** For small single pictures only, of what is there anyway: no camera is woken for it. Left out: for all. */
  readonly use?: 'overview';
}

export type TicketVerdict =
  | { readonly ok: true; readonly ticket: VideoTicket }
  | {
      readonly ok: false;
      readonly code: 'ticket-malformed' | 'ticket-forged' | 'ticket-expired' | 'ticket-for-overview';
    };

const MAX_TICKET_CHARS = 512;

/** `base64url(json) "." base64url(HMAC-SHA256(json))`, safe in a query string. */
export function signTicket(key: Buffer, ticket: VideoTicket): string {
  const { cameraId, accountId, stream, expiresAtMs, as, use } = ticket;
  const fields = [cameraId, accountId, stream, expiresAtMs, as ?? null, use ?? null];
  const body = Buffer.from(JSON.stringify(fields)).toString('base64url');
  return `${body}.${mac(key, body).toString('base64url')}`;
}

/** @param admits what it is shown for: one that is for an overview opens nothing else */
export function verifyTicket(
  key: Buffer,
  text: string,
  nowMs: number,
  admits: 'video' | 'overview' = 'video',
): TicketVerdict {
  if (text.length > MAX_TICKET_CHARS) return { ok: false, code: 'ticket-malformed' };
  const dot = text.indexOf('.');
  if (dot < 1) return { ok: false, code: 'ticket-malformed' };
  const body = text.slice(0, dot);
  const given = Buffer.from(text.slice(dot + 1), 'base64url');
  const expected = mac(key, body);
  if (given.length !== expected.length || !timingSafeEqual(given, expected))
    return { ok: false, code: 'ticket-forged' };
  const ticket = parseBody(body);
  if (!ticket) return { ok: false, code: 'ticket-malformed' };
  if (ticket.use === 'overview' && admits !== 'overview') return { ok: false, code: 'ticket-for-overview' };
  return ticket.expiresAtMs > nowMs ? { ok: true, ticket } : { ok: false, code: 'ticket-expired' };
}

function mac(key: Buffer, body: string): Buffer {
  return createHmac('sha256', key).update(body).digest();
}

function parseBody(body: string): VideoTicket | undefined {
  let fields: unknown;
  try {
    fields = JSON.parse(Buffer.from(body, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
  if (!Array.isArray(fields) || fields.length !== 6) return undefined;
  const [cameraId, accountId, stream, expiresAtMs, as, use] = fields as unknown[];
  if (typeof cameraId !== 'string' || typeof accountId !== 'string') return undefined;
  if (stream !== 'main' && stream !== 'sub') return undefined;
  if (typeof expiresAtMs !== 'number' || !Number.isSafeInteger(expiresAtMs)) return undefined;
  if ((as !== null && as !== 'h264') || (use !== null && use !== 'overview')) return undefined;
  return { cameraId, accountId, stream, expiresAtMs, ...(as === null ? {} : { as }), ...(use === null ? {} : { use }) };
}
