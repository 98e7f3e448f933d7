import { randomBytes } from 'node:crypto';
import type { Refusal } from '#libs/base';
import { chooseChallenge, parseChallenges, type Challenge } from './challenge.ts';
import { basicAuthorization, digestAuthorization } from './digest.ts';
import { quoted, type Headers, type RtspMessage } from './message.ts';
import { rtspRefusal } from './reasons.ts';
import type { Credential } from './session-types.ts';

export type Method = 'OPTIONS' | 'DESCRIBE' | 'SETUP' | 'PLAY' | 'GET_PARAMETER' | 'SET_PARAMETER' | 'TEARDOWN';

/** One request of ours; its text is built when it is sent, so that it can be sent again with another login. */
export interface Request {
  readonly method: Method;
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
}

export type Response = Extract<RtspMessage, { kind: 'response' }>;

/** What a response means for the request that waits. */
export type Outcome =
  /** It answers an older request, or is provisional (1xx). */
  | { readonly kind: 'ignored' }
  /** The request went out once more with a login. */
  | { readonly kind: 'repeated' }
  | { readonly kind: 'answered'; readonly request: Request; readonly response: Response }
  | { readonly kind: 'refused'; readonly reason: Refusal };

interface Waiting {
  readonly request: Request;
  readonly cseq: number;
  /** How often it was sent with a login made for a challenge to this very request. */
  readonly logins: number;
}

export interface RequesterOptions {
  readonly credential: Credential | undefined;
  readonly clientNonce: (() => string) | undefined;
  send(bytes: Buffer): void;
}

const USER_AGENT = 'Atalaya';
/** First with the challenge, once more when the server says that only the nonce was old (RFC 7616 §3.3). */
const MAX_LOGINS = 2;
const IGNORED: Outcome = { kind: 'ignored' };
const REPEATED: Outcome = { kind: 'repeated' };

/**
 * Numbers requests, one outstanding at a time, and logs in. A wrong password is tried once per connection and no more:
 * cameras lock accounts.
 */
export class Requester {
  private cseq = 0;
  private waiting: Waiting | undefined;
  private challenge: Challenge | undefined;
  private nonceCount = 0;
  private sessionId: string | undefined;

  constructor(private readonly options: RequesterOptions) {}

  get isWaiting(): boolean {
    return this.waiting !== undefined;
  }

  /** All requests from now on carry this session. */
  useSession(id: string): void {
    this.sessionId = id;
  }

  ask(request: Request): void {
    this.send(request, 0);
  }

  /** Sent without waiting for an answer. */
  tell(request: Request): void {
    this.send(request, 0);
    this.waiting = undefined;
  }

  /** No longer interested in the answer that is due. */
  giveUp(): void {
    this.waiting = undefined;
  }

  answer(response: Response): Outcome {
    const { waiting } = this;
    if (!waiting || response.status < 200 || !isAnswerTo(waiting.cseq, response.headers)) return IGNORED;
    this.waiting = undefined;
    if (response.status === 401) return this.login(waiting, response.headers);
    this.useNextNonce(response.headers);
    return { kind: 'answered', request: waiting.request, response };
  }

  private login(waiting: Waiting, headers: Headers): Outcome {
    const fields = headers.all('www-authenticate');
    const challenge = chooseChallenge(fields);
    if (!this.options.credential) return unauthorized('the camera asks for a login and none is known');
    if (!challenge) return unauthorized(`the camera offers only ${schemesOf(fields)}`);
    const mayRepeat = waiting.logins === 0 || (challenge.isStale && waiting.logins < MAX_LOGINS);
    if (!mayRepeat) return unauthorized('the camera refused user name or password');
    this.challenge = challenge;
    this.nonceCount = 0;
    this.send(waiting.request, waiting.logins + 1);
    return REPEATED;
  }

  /** RFC 7616 §3.5. */
  private useNextNonce(headers: Headers): void {
    const next = /\bnextnonce\s*=\s*"([^"]+)"/i.exec(headers.first('authentication-info') ?? '')?.[1];
    if (!next || !this.challenge) return;
    this.challenge = { ...this.challenge, nonce: next };
    this.nonceCount = 0;
  }

  private send(request: Request, logins: number): void {
    this.cseq++;
    this.waiting = { request, cseq: this.cseq, logins };
    const fields: Record<string, string> = { CSeq: String(this.cseq), 'User-Agent': USER_AGENT };
    const authorization = this.authorization(request);
    if (authorization !== undefined) fields['Authorization'] = authorization;
    if (this.sessionId !== undefined) fields['Session'] = this.sessionId;
    const text = writeMessage(`${request.method} ${request.url} RTSP/1.0`, { ...fields, ...request.fields });
    this.options.send(text);
  }

  private authorization(request: Request): string | undefined {
    const { challenge } = this;
    const { credential } = this.options;
    if (!challenge || !credential) return undefined;
    if (challenge.scheme === 'basic') return basicAuthorization(credential);
    this.nonceCount++;
    const clientNonce = this.options.clientNonce?.() ?? randomBytes(16).toString('hex');
    const { method, url } = request;
    return digestAuthorization(challenge, credential, { method, url, clientNonce, nonceCount: this.nonceCount });
  }
}

/** Start line, fields, empty line. */
export function writeMessage(startLine: string, fields: Readonly<Record<string, string>>): Buffer {
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`${startLine}\r\n${lines.join('')}\r\n`, 'utf8');
}

/** Some cameras leave CSeq out; then it can only be meant for the one request that waits. */
function isAnswerTo(cseq: number, headers: Headers): boolean {
  const text = headers.first('cseq');
  return text === undefined || !/^\d{1,10}$/.test(text) || Number(text) === cseq;
}

function unauthorized(message: string): Outcome {
  return { kind: 'refused', reason: rtspRefusal('rtsp-unauthorized', message) };
}

function schemesOf(fields: readonly string[]): string {
  const schemes = parseChallenges(fields).map(({ scheme, parameters }) =>
    `${scheme} ${parameters.get('algorithm') ?? ''}`.trim(),
  );
  return quoted(schemes.join(', ')) || 'no way to log in';
}
