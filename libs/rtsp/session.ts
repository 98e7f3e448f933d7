import type { Refusal } from '#libs/base';
import { hasUserInformation, joinControl, parseAddress, type StreamAddress } from './address.ts';
import { Deframer } from './deframer.ts';
import { MAX_REDIRECTS, MAX_SERVER_REQUESTS_PER_SECOND } from './limits.ts';
import { quoted, type RtspMessage } from './message.ts';
import { rtspRefusal, type RtspReason } from './reasons.ts';
import { Requester, writeMessage, type Method, type Response } from './requester.ts';
import { parseSdp } from './sdp.ts';
import { ASKED_CHANNELS, keepAliveMsOf, parseInterleaved, parseSessionHeader } from './setup-reply.ts';
import type { RtspSessionOptions, RtspState, RtspStep, RtspTiming, VideoTrack } from './session-types.ts';
import { chooseVideo, type VideoOffer } from './video-offer.ts';

export const DEFAULT_TIMING: RtspTiming = { responseMs: 5_000, silenceMs: 10_000, sessionTimeoutMs: 60_000 };

const STEP_OF: Readonly<Record<RtspStep, Method>> = {
  options: 'OPTIONS',
  describe: 'DESCRIBE',
  setup: 'SETUP',
  play: 'PLAY',
};
/** Statuses that say more than "refused" (RFC 2326 §11). */
const REASON_OF_STATUS: Readonly<Record<number, RtspReason>> = {
  403: 'rtsp-forbidden',
  404: 'rtsp-not-found',
  454: 'rtsp-ended',
  461: 'rtsp-transport-refused',
};

type ServerRequest = Extract<RtspMessage, { kind: 'request' }>;

/**
 * The client side of one RTSP 1.0 connection (RFC 2326), from OPTIONS to TEARDOWN, for one video stream over interleaved
 * TCP. Does no I/O: the caller feeds what its socket reads, sends what {@link RtspSessionOptions.send} gets, and calls
 * {@link tick}. Ends once, by {@link close} or by `onFail`.
 */
export class RtspSession {
  private current: RtspState = { name: 'idle' };
  /** `current` is `failed` or `closed`. A field of its own: it is asked for with every read, and states differ in shape. */
  private isOver = false;
  private readonly timing: RtspTiming;
  private readonly requester: Requester;
  private readonly deframer: Deframer;
  private address: StreamAddress | undefined;
  /** Base of control addresses and, unless the SDP names another, what PLAY is about. */
  private aggregateUrl = '';
  private offer: VideoOffer | undefined;
  private track: VideoTrack | undefined;
  private keepAliveMs = 0;
  private keepAliveMethod: Method = 'OPTIONS';
  private nextKeepAliveMs = 0;
  private askedMs = 0;
  private lastPacketMs = 0;
  private packets = 0;
  private redirects = 0;
  private serverRequests = 0;
  private serverRequestsSinceMs = 0;

  constructor(private readonly options: RtspSessionOptions) {
    this.timing = { ...DEFAULT_TIMING, ...options.timing };
    this.requester = new Requester({
      credential: options.credential,
      clientNonce: options.clientNonce,
      send: (bytes) => options.send(bytes),
    });
    this.deframer = new Deframer({
      onPacket: (buffer, from, to, channel) => this.takePacket(buffer, from, to, channel),
      onMessage: (message) => this.takeMessage(message),
      isChannel: (channel) => channel === this.track?.rtpChannel || channel === this.track?.rtcpChannel,
    });
  }

  get state(): RtspState {
    return this.current;
  }

  /** The connection stands. */
  start(): void {
    if (this.current.name !== 'idle') return;
    const { url } = this.options;
    this.address = hasUserInformation(url) ? undefined : parseAddress(url);
    if (!this.address) return this.fail('rtsp-bad-address', 'The address is not rtsp://host[:port]/path without login');
    this.ask('options', this.address.url, {});
  }

  /** `buffer[0..bytes)` was read. Nothing of it is kept but a cut packet, as a copy. */
  receive(buffer: Buffer, bytes: number): void {
    if (this.isOver) return;
    const before = this.packets;
    const fault = this.deframer.push(buffer, bytes);
    if (fault !== undefined && !this.isOver) this.fail('rtsp-malformed', `The camera sent ${fault}`);
    else if (this.packets !== before) this.lastPacketMs = this.options.clock.monotonicMs();
  }

  /** Looks at the deadlines; a few times a second. */
  tick(): void {
    const nowMs = this.options.clock.monotonicMs();
    if (this.current.name === 'asking' && nowMs > this.current.deadlineMs) {
      this.fail(
        'rtsp-timeout',
        `No complete answer to ${STEP_OF[this.current.step]} within ${this.timing.responseMs} ms`,
      );
    } else if (this.current.name === 'playing') {
      this.tickPlaying(nowMs);
    }
  }

  /** Frames an RTCP packet onto the track's RTCP channel (RFC 2326 §10.12). Nothing happens before SETUP is granted. */
  sendRtcp(packet: Buffer): void {
    if (this.isOver || !this.track) return;
    const framed = Buffer.allocUnsafe(4 + packet.length);
    framed[0] = 0x24;
    framed[1] = this.track.rtcpChannel;
    framed.writeUInt16BE(packet.length, 2);
    packet.copy(framed, 4);
    this.options.send(framed);
  }

  /** Says TEARDOWN when there is something to tear down, and hears nothing more. The caller ends the socket. */
  close(): void {
    if (this.isOver) return;
    if (this.track) this.requester.tell({ method: 'TEARDOWN', url: this.aggregateUrl, fields: {} });
    this.current = { name: 'closed' };
    this.isOver = true;
    this.deframer.stop();
  }

  private ask(step: RtspStep, url: string, fields: Readonly<Record<string, string>>): void {
    this.expect(step);
    this.requester.ask({ method: STEP_OF[step], url, fields });
  }

  private expect(step: RtspStep): void {
    const deadlineMs = this.options.clock.monotonicMs() + this.timing.responseMs;
    this.current = { name: 'asking', step, deadlineMs };
  }

  private takePacket(buffer: Buffer, from: number, to: number, channel: number): void {
    const { track } = this;
    if (!track || (channel !== track.rtpChannel && channel !== track.rtcpChannel)) return;
    this.packets++;
    this.options.onPacket(buffer, from, to, channel);
  }

  private takeMessage(message: RtspMessage): void {
    if (message.kind === 'request') return this.serve(message);
    const outcome = this.requester.answer(message);
    if (outcome.kind === 'refused') return this.failWith(outcome.reason);
    if (this.current.name === 'playing') {
      if (outcome.kind === 'answered') this.keepAliveAnswered(outcome.response.status);
    } else if (this.current.name === 'asking') {
      if (outcome.kind === 'repeated') this.expect(this.current.step);
      else if (outcome.kind === 'answered') this.answered(this.current.step, outcome.response);
    }
  }

  private answered(step: RtspStep, response: Response): void {
    const isGranted = response.status < 300;
    if (step === 'options') return this.optionsAnswered(response, isGranted);
    if (response.status < 400 && !isGranted) return this.redirect(response);
    if (!isGranted) return this.refuse(step, response.status);
    if (step === 'describe') this.described(response);
    else if (step === 'setup') this.setUp(response);
    else this.playing();
  }

  /** What OPTIONS answers only chooses the keep-alive; cameras that refuse it may stream all the same. */
  private optionsAnswered(response: Response, isGranted: boolean): void {
    const methods = isGranted
      ? response.headers
          .all('public')
          .join(',')
          .toUpperCase()
          .split(/[\s,]+/)
      : [];
    if (methods.includes('GET_PARAMETER')) this.keepAliveMethod = 'GET_PARAMETER';
    this.describe(this.address!.url);
  }

  private describe(url: string): void {
    this.ask('describe', url, { Accept: 'application/sdp' });
  }

  private described({ headers, body }: Response): void {
    const sdp = parseSdp(body);
    if (!sdp) return this.fail('sdp-malformed', `DESCRIBE was answered with ${body.length} characters that are no SDP`);
    const offer = chooseVideo(sdp);
    if (!offer.ok) return this.failWith(offer.refusal);
    const base = this.baseOf([headers.first('content-base'), headers.first('content-location')]);
    const aggregate = this.ownAddress(joinControl(base, sdp.control));
    const control = this.ownAddress(joinControl(base, offer.value.control));
    if (!aggregate || !control) return;
    this.aggregateUrl = aggregate;
    this.offer = offer.value;
    const { rtpChannel, rtcpChannel } = ASKED_CHANNELS;
    this.ask('setup', control, { Transport: `RTP/AVP/TCP;unicast;interleaved=${rtpChannel}-${rtcpChannel}` });
  }

  /**
   * RFC 2326 §C.1.1: Content-Base, Content-Location, the address asked for. Cameras behind address translation name their
   * inner address there: one of another host is passed over.
   */
  private baseOf(candidates: readonly (string | undefined)[]): string {
    for (const candidate of candidates) {
      const named = candidate === undefined ? undefined : parseAddress(candidate.trim());
      if (named?.host === this.address!.host) return named.url;
    }
    return this.address!.url;
  }

  /** The address without login if it is of the camera's own host; otherwise the session ends. */
  private ownAddress(url: string): string | undefined {
    const named = parseAddress(url);
    if (named?.host === this.address!.host) return named.url;
    if (named)
      this.fail('rtsp-foreign-host', `The camera at ${this.address!.host} names a stream at ${quoted(named.host)}`);
    else this.fail('sdp-malformed', `The control address ${quoted(url)} cannot be used`);
    return undefined;
  }

  private setUp({ headers }: Response): void {
    const session = parseSessionHeader(headers.first('session') ?? '');
    if (!session) return this.fail('rtsp-malformed', 'SETUP was answered without a usable Session');
    const channels = parseInterleaved(headers.first('transport'));
    if (!channels)
      return this.fail(
        'rtsp-transport-refused',
        `The camera answers interleaved TCP with ${quoted(headers.first('transport') ?? '')}`,
      );
    this.requester.useSession(session.id);
    this.keepAliveMs = keepAliveMsOf(session.timeoutMs ?? this.timing.sessionTimeoutMs);
    const { codec, payloadType, clockRate, parameterSets } = this.offer!;
    this.track = { codec, payloadType, clockRate, parameterSets, ...channels };
    this.options.onTrack(this.track);
    if (!this.isOver) this.ask('play', this.aggregateUrl, { Range: 'npt=0.000-' });
  }

  private playing(): void {
    const sinceMs = this.options.clock.monotonicMs();
    this.lastPacketMs = sinceMs;
    this.nextKeepAliveMs = sinceMs + this.keepAliveMs;
    this.current = { name: 'playing', sinceMs, track: this.track! };
    this.options.onPlaying?.();
  }

  private tickPlaying(nowMs: number): void {
    if (nowMs - this.lastPacketMs > this.timing.silenceMs) {
      return this.fail('rtsp-timeout', `No packet for ${this.timing.silenceMs} ms while playing`);
    }
    // There are cameras that stream on and never answer GET_PARAMETER: silence on it is no failure.
    if (this.requester.isWaiting && nowMs - this.askedMs > this.timing.responseMs) {
      this.requester.giveUp();
      this.keepAliveMethod = 'OPTIONS';
    }
    if (nowMs < this.nextKeepAliveMs || this.requester.isWaiting) return;
    this.nextKeepAliveMs = nowMs + this.keepAliveMs;
    this.askedMs = nowMs;
    this.requester.ask({ method: this.keepAliveMethod, url: this.aggregateUrl, fields: {} });
  }

  private keepAliveAnswered(status: number): void {
    if (status === 454) return this.fail('rtsp-ended', 'The camera no longer knows the session');
    if (status >= 400) this.keepAliveMethod = 'OPTIONS';
  }

  private redirect({ status, headers }: Response): void {
    const location = parseAddress(headers.first('location')?.trim() ?? '');
    const { host, port } = this.address!;
    if (!location) return this.fail('rtsp-malformed', `Status ${status} came without a usable Location`);
    if (location.host !== host)
      return this.fail('rtsp-foreign-host', `The camera at ${host} redirects to ${quoted(location.host)}`);
    if (++this.redirects > MAX_REDIRECTS)
      return this.fail('rtsp-refused', `More than ${MAX_REDIRECTS} redirects`, { status });
    if (location.port !== port) {
      return this.fail('rtsp-redirected', `The camera redirects to its port ${location.port}`, { url: location.url });
    }
    this.address = location;
    this.describe(location.url);
  }

  private refuse(step: RtspStep, status: number): void {
    this.fail(REASON_OF_STATUS[status] ?? 'rtsp-refused', `${STEP_OF[step]} was answered with status ${status}`, {
      status,
    });
  }

  /** Requests of the server on our connection (RFC 2326 §10): pings are answered, endings end the session. */
  private serve(request: ServerRequest): void {
    if (this.isFlooded()) {
      return this.fail('rtsp-malformed', `More than ${MAX_SERVER_REQUESTS_PER_SECOND} requests a second by the camera`);
    }
    const cseq = request.headers.first('cseq') ?? '';
    const fields: Readonly<Record<string, string>> = /^\d{1,10}$/.test(cseq) ? { CSeq: cseq } : {};
    const { method } = request;
    if (method === 'TEARDOWN' || method === 'REDIRECT') {
      this.options.send(writeMessage('RTSP/1.0 200 OK', fields));
      this.fail('rtsp-ended', `The camera sent ${method}`);
    } else if (method === 'OPTIONS') {
      this.options.send(
        writeMessage('RTSP/1.0 200 OK', { ...fields, Public: 'OPTIONS, GET_PARAMETER, SET_PARAMETER' }),
      );
    } else if (method === 'GET_PARAMETER' || method === 'SET_PARAMETER') {
      this.options.send(writeMessage('RTSP/1.0 200 OK', fields));
    } else {
      this.options.send(writeMessage('RTSP/1.0 501 Not Implemented', fields));
    }
  }

  private isFlooded(): boolean {
    const nowMs = this.options.clock.monotonicMs();
    if (nowMs - this.serverRequestsSinceMs >= 1_000) {
      this.serverRequestsSinceMs = nowMs;
      this.serverRequests = 0;
    }
    return ++this.serverRequests > MAX_SERVER_REQUESTS_PER_SECOND;
  }

  private fail(code: RtspReason, message: string, details?: Readonly<Record<string, unknown>>): void {
    this.failWith(rtspRefusal(code, message, details));
  }

  private failWith(reason: Refusal): void {
    if (this.isOver) return;
    this.current = { name: 'failed', reason };
    this.isOver = true;
    this.deframer.stop();
    this.options.onFail(reason);
  }
}
