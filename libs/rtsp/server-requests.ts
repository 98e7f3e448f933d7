import type { Clock } from '#libs/base';
import { parseAddress, type StreamAddress } from './address.ts';
import { MAX_SERVER_REQUESTS_PER_SECOND } from './limits.ts';
import type { Headers, RtspMessage } from './message.ts';
import { writeMessage } from './requester.ts';

export type ServerRequest = Extract<RtspMessage, { kind: 'request' }>;

export interface ServerAnswer {
  readonly reply?: Buffer;
  /** What the request means for the session: it ended, or goes on at another address, or there are too many. */
  readonly ending?: 'ended' | 'flood' | StreamAddress;
}

/** Requests of the server on our connection (RFC 2326 §10): pings are answered, endings end the session. */
export class ServerRequests {
  private count = 0;
  private sinceMs = 0;

  constructor(private readonly clock: Clock) {}

  answer({ method, headers }: ServerRequest): ServerAnswer {
    if (this.isFlooded()) return { ending: 'flood' };
    const cseq = headers.first('cseq') ?? '';
    const fields: Readonly<Record<string, string>> = /^\d{1,10}$/.test(cseq) ? { CSeq: cseq } : {};
    const granted = writeMessage('RTSP/1.0 200 OK', fields);
    switch (method) {
      case 'TEARDOWN':
        return { reply: granted, ending: 'ended' };
      case 'REDIRECT':
        return { reply: granted, ending: locationOf(headers) ?? 'ended' };
      case 'OPTIONS':
        return {
          reply: writeMessage('RTSP/1.0 200 OK', { ...fields, Public: 'OPTIONS, GET_PARAMETER, SET_PARAMETER' }),
        };
      case 'GET_PARAMETER':
      case 'SET_PARAMETER':
        return { reply: granted };
      default:
        return { reply: writeMessage('RTSP/1.0 501 Not Implemented', fields) };
    }
  }

  private isFlooded(): boolean {
    const nowMs = this.clock.monotonicMs();
    if (nowMs - this.sinceMs >= 1_000) {
      this.sinceMs = nowMs;
      this.count = 0;
    }
    return ++this.count > MAX_SERVER_REQUESTS_PER_SECOND;
  }
}

/** Where a redirect leads (RFC 2326 §12.25). */
export function locationOf(headers: Headers): StreamAddress | undefined {
  return parseAddress(headers.first('location')?.trim() ?? '');
}
