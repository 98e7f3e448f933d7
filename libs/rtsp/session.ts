import type { Refusal } from '#libs/base';
import { hasUserInformation, joinControl, parseAddress, type StreamAddress } from './address.ts';
import { chooseAudio, type AudioOffer } from './audio-offer.ts';
import { Deframer } from './deframer.ts';
import { KeepAlive } from './keep-alive.ts';
import { MAX_REDIRECTS, MAX_SERVER_REQUESTS_PER_SECOND } from './limits.ts';
import { quoted, type RtspMessage } from './message.ts';
import { rtspRefusal, type RtspReason } from './reasons.ts';
import { Requester, type Method, type Response } from './requester.ts';
import { parseSdp } from './sdp.ts';
import { ServerRequests, locationOf, type ServerRequest } from './server-requests.ts';
import type { Delivery, RtspSessionOptions, RtspState, RtspStep, RtspTiming, VideoTrack } from './session-types.ts';
import {
  ASKED_AUDIO_CHANNELS,
  ASKED_CHANNELS,
  deliveryOf,
  keepAliveMsOf,
  parseSessionHeader,
  transportWish,
} from './setup-reply.ts';
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

/**
 * The client side of one RTSP 1.0 connection (RFC 2326), from OPTIONS to TEARDOWN, for one video stream, and its audio
 * where that is wanted, over interleaved TCP or UDP. Does no I/O: the caller feeds what its socket reads, sends what {@link RtspSessionOptions.send} gets, and
 * calls {@link tick}; datagrams are the caller's, who tells of them by {@link datagramCame}. Ends once, by {@link close} or
 * by `onFail`.
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
  /** Interleaved channels, -1 when there are none: compared with every packet's. */
  private rtpChannel = -1;
  private rtcpChannel = -1;
  private audioRtpChannel = -1;
  private audioRtcpChannel = -1;
  /** The audio that is wanted and offered, with its control address; set while and after it is set up. */
  private audio: (AudioOffer & { readonly url: string }) | undefined;
  private keepAliveMs = 0;
  private readonly keepAlive = new KeepAlive();
  private nextKeepAliveMs = 0;
  private askedMs = 0;
  private lastPacketMs = 0;
  private packets = 0;
  private redirects = 0;
  private readonly serverRequests: ServerRequests;

  constructor(private readonly options: RtspSessionOptions) {
    this.timing = { ...DEFAULT_TIMING, ...options.timing };
    this.serverRequests = new ServerRequests(options.clock);
    this.requester = new Requester({
      credential: options.credential,
      clientNonce: options.clientNonce,
      send: (bytes) => options.send(bytes),
    });
    this.deframer = new Deframer({
      onPacket: (buffer, from, to, channel) => this.takePacket(buffer, from, to, channel),
      onMessage: (message) => this.takeMessage(message),
      isChannel: (channel) => this.isVideoChannel(channel) || this.isAudioChannel(channel),
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

  /** A datagram of the track came to the caller's ports: the stream is not silent. */
  datagramCame(nowMs: number): void {
    this.lastPacketMs = nowMs;
  }

  /** Frames an RTCP packet onto the track's RTCP channel (RFC 2326 §10.12). Nothing happens where there is none. */
  sendRtcp(packet: Buffer): void {
    this.sendOn(this.rtcpChannel, packet);
  }

  /** The same for the audio. */
  sendAudioRtcp(packet: Buffer): void {
    this.sendOn(this.audioRtcpChannel, packet);
  }

  private sendOn(channel: number, packet: Buffer): void {
    if (this.isOver || channel < 0) return;
    const framed = Buffer.allocUnsafe(4 + packet.length);
    framed[0] = 0x24;
    framed[1] = channel;
    framed.writeUInt16BE(packet.length, 2);
    packet.copy(framed, 4);
    this.options.send(framed);
  }

  /** Says TEARDOWN when there is something to tear down, and hears nothing more. The caller ends the socket. */
  close(): void {
    if (this.isOver) return;
    if (this.track) this.tearDown();
    this.current = { name: 'closed' };
    this.isOver = true;
    this.deframer.stop();
  }

  private tearDown(): void {
    this.requester.tell({ method: 'TEARDOWN', url: this.aggregateUrl, fields: {} });
  }

  private ask(step: RtspStep, url: string, fields: Readonly<Record<string, string>>): void {
    this.expect(step);
    this.requester.ask({ method: STEP_OF[step], url, fields });
  }

  private expect(step: RtspStep): void {
    const deadlineMs = this.options.clock.monotonicMs() + this.timing.responseMs;
    this.current = { name: 'asking', step, deadlineMs };
  }

  /** Audio alone does not make a stream alive: its packets are handed on and not counted. */
  private takePacket(buffer: Buffer, from: number, to: number, channel: number): void {
    if (this.isVideoChannel(channel)) this.packets++;
    else if (!this.isAudioChannel(channel)) return;
    this.options.onPacket(buffer, from, to, channel);
  }

  private isVideoChannel(channel: number): boolean {
    return channel === this.rtpChannel || channel === this.rtcpChannel;
  }

  private isAudioChannel(channel: number): boolean {
    return channel === this.audioRtpChannel || channel === this.audioRtcpChannel;
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
    if (step === 'setup' && this.track) return this.audioAnswered(response, isGranted);
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
    this.keepAlive.prefer(methods);
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
    if (this.options.onDescribed) {
      this.close();
      return this.options.onDescribed();
    }
    this.aggregateUrl = aggregate;
    this.offer = offer.value;
    const audio = this.options.withAudio ? chooseAudio(sdp) : undefined;
    const audioUrl = audio && parseAddress(joinControl(base, audio.control));
    if (audio && audioUrl?.host === this.address!.host) this.audio = { ...audio, url: audioUrl.url };
    this.ask('setup', control, { Transport: transportWish(this.options.udpPorts, ASKED_CHANNELS) });
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
    const { udpPorts } = this.options;
    const transport = headers.first('transport');
    const delivery = deliveryOf(transport, udpPorts, ASKED_CHANNELS);
    if (!delivery) {
      const asked = udpPorts ? 'UDP' : 'interleaved TCP';
      return this.fail('rtsp-transport-refused', `The camera answers ${asked} with ${quoted(transport ?? '')}`);
    }
    this.requester.useSession(session.id);
    this.keepAliveMs = keepAliveMsOf(session.timeoutMs ?? this.timing.sessionTimeoutMs);
    const { codec, payloadType, clockRate, parameterSets } = this.offer!;
    this.track = { codec, payloadType, clockRate, parameterSets, delivery };
    if (delivery.kind === 'interleaved') ({ rtpChannel: this.rtpChannel, rtcpChannel: this.rtcpChannel } = delivery);
    this.options.onTrack(this.track);
    const { audio } = this;
    if (this.isOver) return;
    if (audio)
      this.ask('setup', audio.url, { Transport: transportWish(this.options.audioUdpPorts, ASKED_AUDIO_CHANNELS) });
    else this.play();
  }

  /** A camera that offers audio and does not give it, or gives it in a way not asked for, is watched without. */
  private audioAnswered({ headers }: Response, isGranted: boolean): void {
    const { format, payloadType, clockRate } = this.audio!;
    const delivery = isGranted ? this.audioDeliveryOf(headers.first('transport')) : undefined;
    if (delivery?.kind === 'interleaved') {
      ({ rtpChannel: this.audioRtpChannel, rtcpChannel: this.audioRtcpChannel } = delivery);
    }
    if (delivery) this.options.onAudioTrack?.({ format, payloadType, clockRate, delivery });
    this.play();
  }

  private audioDeliveryOf(transport: string | undefined): Delivery | undefined {
    const delivery = deliveryOf(transport, this.options.audioUdpPorts, ASKED_AUDIO_CHANNELS);
    if (delivery?.kind !== 'interleaved') return delivery;
    const isTaken = this.isVideoChannel(delivery.rtpChannel) || this.isVideoChannel(delivery.rtcpChannel);
    return isTaken ? undefined : delivery;
  }

  private play(): void {
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
      this.keepAlive.next();
    }
    if (nowMs < this.nextKeepAliveMs || this.requester.isWaiting) return;
    this.nextKeepAliveMs = nowMs + this.keepAliveMs;
    this.askedMs = nowMs;
    this.requester.ask({ method: this.keepAlive.method, url: this.aggregateUrl, fields: {} });
  }

  private keepAliveAnswered(status: number): void {
    if (status === 454) return this.fail('rtsp-ended', 'The camera no longer knows the session');
    if (status >= 400) this.keepAlive.next();
  }

  private redirect({ status, headers }: Response): void {
    const location = locationOf(headers);
    if (!location) return this.fail('rtsp-malformed', `Status ${status} came without a usable Location`);
    if (++this.redirects > MAX_REDIRECTS)
      return this.fail('rtsp-refused', `More than ${MAX_REDIRECTS} redirects`, { status });
    const { host, port } = this.address!;
    if (location.host !== host || location.port !== port) return this.leaveFor(location);
    this.address = location;
    this.describe(location.url);
  }

  /** Another connection is the caller's to make, or to refuse. */
  private leaveFor(location: StreamAddress): void {
    const where = location.host === this.address!.host ? `its port ${location.port}` : quoted(location.host);
    this.fail('rtsp-redirected', `The camera redirects to ${where}`, { url: location.url });
  }

  private refuse(step: RtspStep, status: number): void {
    this.fail(REASON_OF_STATUS[status] ?? 'rtsp-refused', `${STEP_OF[step]} was answered with status ${status}`, {
      status,
    });
  }

  private serve(request: ServerRequest): void {
    const { reply, ending } = this.serverRequests.answer(request);
    if (reply) this.options.send(reply);
    if (ending === 'flood')
      this.fail('rtsp-malformed', `More than ${MAX_SERVER_REQUESTS_PER_SECOND} requests a second by the camera`);
    else if (ending === 'ended') this.fail('rtsp-ended', `The camera sent ${request.method}`);
    else if (ending) this.leaveFor(ending);
  }

  private fail(code: RtspReason, message: string, details?: Readonly<Record<string, unknown>>): void {
    this.failWith(rtspRefusal(code, message, details));
  }

  private failWith(reason: Refusal): void {
    if (this.isOver) return;
    // Datagrams do not end with the connection: without this the camera would send on until its session times out.
    if (this.track?.delivery.kind === 'udp') this.tearDown();
    this.current = { name: 'failed', reason };
    this.isOver = true;
    this.deframer.stop();
    this.options.onFail(reason);
  }
}
