import type { IncomingMessage } from 'node:http';
import { HTTP_STATUS, refusal, type Clock, type Refusal } from '#libs/base';
import type { AudioFormat, TrackFormat } from '#libs/codec';
import {
  judgeDelivery,
  lowLatencyPlaylist,
  mediaPlaylist,
  readDelivery,
  type Delivery,
  type Part,
  type RenditionReport,
  type Segment,
  type SegmentWindow,
} from '#libs/hls';
import { stateRefusal, type CameraState } from '#libs/relay';
import { verifyTicket, type VideoTicket } from '#libs/secret';
import type { StreamRole } from '#libs/wire';
import type { Responder } from './responder.ts';
import { ticketIn, type Route, type Target } from './routes.ts';
import { WaitingRoom } from './waiting-room.ts';

/** A reader that asked for a stream on demand is kept waiting this long for its first segment. */
const FIRST_SEGMENT_MS = 8_000;
/** A reload that blocks is answered within three target durations (rfc8216bis §6.2.5.2), and no later than this. */
const BLOCK_TARGETS = 3;
const MAX_BLOCK_MS = 30_000;
/** A playlist that could not be given is worth asking for again after this. */
const RETRY_AFTER_S = 2;
/** A segment never changes under its number; a reader asks for it once. */
const SEGMENT_CACHE = 'private, max-age=60, immutable';
const MEDIA_TYPE = 'video/iso.segment';

type HlsRoute = Extract<Route, { readonly name: 'hls' }>;
type MediaFile = Exclude<HlsRoute['file'], { readonly kind: 'playlist' }>;

/** What is needed of a stream to give it to readers. */
export interface HlsStream {
  readonly window: SegmentWindow;
  /** Of its audio, where that is enabled. */
  readonly audioWindow?: SegmentWindow | undefined;
  /** Of the audio that comes just now. */
  readonly audioFormat?: AudioFormat | undefined;
  /** Of what is in the window. */
  readonly format: TrackFormat | undefined;
  /** Why it cannot be fetched just now. */
  readonly failure: Refusal | undefined;
  /** `reader` asks for it: keeps it coming for a while. */
  ask(reader: string, nowMs: number): void;
}

export interface HlsCamera {
  readonly state: CameraState;
  stream(role: StreamRole, as?: 'h264'): HlsStream | undefined;
  /** The stream that {@link HlsCamera.state} speaks of. */
  isWatched(stream: HlsStream): boolean;
}

export interface HlsEdgeOptions {
  readonly ticketKey: Buffer;
  readonly clock: Clock;
  camera(id: string): HlsCamera | undefined;
}

/** One stream as one reader asks for it. */
export interface Asked {
  readonly camera: HlsCamera;
  readonly stream: HlsStream;
  /** What of the stream is asked for: its video, or its audio. */
  readonly window: SegmentWindow;
  readonly role: StreamRole;
  readonly reader: string;
  readonly respond: Responder;
}

/** `/hls/:cameraId/:stream/...`: checks the ticket, then gives what the window holds, or waits for it. */
export class HlsEdge {
  private readonly waiting: WaitingRoom;

  constructor(private readonly options: HlsEdgeOptions) {
    this.waiting = new WaitingRoom(options.clock);
  }

  async handle(route: HlsRoute, target: Target, request: IncomingMessage, respond: Responder): Promise<void> {
    const admitted = this.admit(route.cameraId, route.stream, target.ticket, request, respond);
    const asked = route.track === 'audio' ? audioOf(admitted) : admitted;
    if ('code' in asked) return respond.refuse(asked, HTTP_STATUS[asked.kind]);
    this.ask(asked.stream, asked.reader);
    if (route.file.kind !== 'playlist') return this.media(route.file, asked);
    if (target.value('ll') === '0') return this.plainPlaylist(target, asked);
    return this.lowLatencyPlaylist(route.cameraId, target, asked);
  }

  /** Keeps the stream coming for this reader. */
  ask(stream: HlsStream, reader: string): void {
    stream.ask(reader, this.options.clock.monotonicMs());
  }

  /** The ticket has to be ours, fresh, and for exactly this stream of this camera. */
  admit(
    cameraId: string,
    role: StreamRole,
    text: string | undefined,
    request: IncomingMessage,
    respond: Responder,
  ): Asked | Refusal {
    const ticket = this.ticketFor(cameraId, role, text);
    if ('code' in ticket) return ticket;
    const camera = this.options.camera(cameraId);
    const stream = camera?.stream(role, ticket.as);
    if (!camera || !stream) return NO_STREAM;
    return {
      camera,
      stream,
      window: stream.window,
      role,
      respond,
      reader: `${ticket.accountId} ${request.socket.remoteAddress}`,
    };
  }

  /** Waits until `isReady`. Undefined: it is; else why not. */
  async untilReady(
    asked: Asked,
    isReady: () => boolean | Refusal,
    withinMs: number,
    tooLate: Refusal,
  ): Promise<Refusal | undefined> {
    const { camera, stream, window, reader, respond } = asked;
    const outcome = await this.waiting.wait<Refusal | 'ready'>({
      window,
      reader,
      response: respond.response,
      withinMs,
      look: () => {
        const away = awayRefusal(camera, stream);
        if (away) return away;
        const ready = isReady();
        if (ready !== false) return ready === true ? 'ready' : ready;
        return problemOf(camera, stream);
      },
      tooLate: () => tooLate,
    });
    return outcome === 'ready' ? undefined : outcome;
  }

  private ticketFor(cameraId: string, role: StreamRole, text: string | undefined): VideoTicket | Refusal {
    if (text === undefined) return refusal('not-signed-in', 'ticket-missing', 'a ticket is needed to read video');
    const verdict = verifyTicket(this.options.ticketKey, text, this.options.clock.nowMs());
    if (!verdict.ok)
      return refusal('not-signed-in', verdict.code, 'the ticket is not valid (any more): ask for a new one');
    const { ticket } = verdict;
    if (ticket.cameraId === cameraId && ticket.stream === role) return ticket;
    return refusal('forbidden', 'ticket-for-another', 'the ticket is for another camera or stream');
  }

  private async plainPlaylist(target: Target, asked: Asked): Promise<void> {
    const { window } = asked;
    const problem = await this.untilReady(asked, () => window.listed.length > 0, FIRST_SEGMENT_MS, NOT_READY);
    if (problem) return refusePlaylist(problem, asked.respond);
    sendPlaylist(mediaPlaylist(window, `ticket=${target.ticket}`), asked.respond);
  }

  private async lowLatencyPlaylist(cameraId: string, target: Target, asked: Asked): Promise<void> {
    const delivery = readDelivery(target.value);
    if (!delivery.ok) return asked.respond.refuse(delivery.refusal, HTTP_STATUS[delivery.refusal.kind]);
    const problem = await this.delivered(delivery.value, asked);
    if (problem) return refusePlaylist(problem, asked.respond);
    const reports = asked.window === asked.stream.window ? this.reports(cameraId, target, asked) : [];
    const text = lowLatencyPlaylist(asked.window, `ticket=${target.ticket}`, {
      skips: delivery.value.skips,
      reports,
    });
    sendPlaylist(text, asked.respond);
  }

  /** First that there is a playlist at all, then that it has what is asked for. */
  private async delivered(delivery: Delivery, asked: Asked): Promise<Refusal | undefined> {
    const { window } = asked;
    if (delivery.sequence === undefined) return this.begun(asked);
    const begun = await this.untilReady(asked, () => window.beginsWithParts(), FIRST_SEGMENT_MS, NOT_READY);
    if (begun) return begun;
    const verdict = judgeDelivery(window, delivery);
    if (verdict !== 'wait') return verdict === 'ready' ? undefined : verdict;
    const isReady = (): boolean => window.beginsWithParts() && judgeDelivery(window, delivery) === 'ready';
    return this.untilReady(asked, isReady, blockMs(window), TOO_SLOW);
  }

  /**
   * A playlist of parts alone is right, and yet hls.js 1.7 and ffmpeg take it for an empty one: a first segment is waited for. Where
   * it does not come, because key frames are far apart, parts are better than nothing.
   */
  private async begun(asked: Asked): Promise<Refusal | undefined> {
    const { window } = asked;
    const hasSegment = (): boolean => window.listed.length > 0 && window.beginsWithParts();
    const problem = await this.untilReady(asked, hasSegment, FIRST_SEGMENT_MS, NOT_READY);
    return problem === NOT_READY && window.beginsWithParts() ? undefined : problem;
  }

  /** The camera's other stream, where the reader may see it and it runs. */
  private reports(cameraId: string, target: Target, asked: Asked): RenditionReport[] {
    const other = asked.role === 'main' ? 'sub' : 'main';
    const ticket = ticketIn(target.value(other));
    const verdict = ticket === undefined ? undefined : this.ticketFor(cameraId, other, ticket);
    if (!verdict || 'code' in verdict) return [];
    const stream = asked.camera.stream(other, verdict.as);
    if (!stream?.window.beginsWithParts()) return [];
    return [{ uri: `../${mediaUri(other, { [other]: ticket, [asked.role]: target.ticket })}`, window: stream.window }];
  }

  private async media(file: MediaFile, asked: Asked): Promise<void> {
    const { window, respond } = asked;
    if (file.kind === 'part') return this.part(file, asked);
    const init = file.kind === 'init' ? window.init(file.number) : undefined;
    if (init) return respond.send('video/mp4', SEGMENT_CACHE, [init]);
    const segment = file.kind === 'segment' ? window.find(file.number) : undefined;
    if (!segment) return respond.refuse(NO_MEDIA, 404);
    sendParts(segment, segment.parts, respond);
  }

  /** The part that the playlist hints at is waited for: it is sent as soon as it is complete (§4.4.5.3). */
  private async part(file: { readonly number: number; readonly index: number }, asked: Asked): Promise<void> {
    const { window } = asked;
    const isThere = (): boolean => window.findOpen(file.number)?.parts[file.index] !== undefined;
    const isHinted = (): boolean => window.open?.sequence === file.number && window.open.parts.length === file.index;
    const look = (): boolean | Refusal => isThere() || (isHinted() ? false : NO_MEDIA);
    const problem = await this.untilReady(asked, look, blockMs(window), TOO_SLOW);
    const segment = window.findOpen(file.number);
    const part = segment?.parts[file.index];
    if (problem || !segment || !part) return refusePlaylist(problem ?? NO_MEDIA, asked.respond);
    sendParts(segment, [part], asked.respond);
  }
}

/** Where a stream's media playlist is, seen from the master's: with its own ticket first, the other's for reports. */
export function mediaUri(role: StreamRole, tickets: Readonly<Partial<Record<StreamRole, string | undefined>>>): string {
  const other = role === 'main' ? 'sub' : 'main';
  const report = tickets[other] === undefined ? '' : `&${other}=${tickets[other]}`;
  return `${role}/index.m3u8?ticket=${tickets[role]}${report}`;
}

/** The audio of a stream: its reader keeps the stream coming all the same. */
function audioOf(asked: Asked | Refusal): Asked | Refusal {
  if ('code' in asked) return asked;
  const { audioWindow } = asked.stream;
  return audioWindow ? { ...asked, window: audioWindow } : NO_STREAM;
}

export function sendPlaylist(text: string, respond: Responder): void {
  respond.send('application/vnd.apple.mpegurl', 'no-store', [Buffer.from(text)]);
}

/** What cannot be had just now is asked for again; what was asked for wrongly is not. */
export function refusePlaylist(problem: Refusal, respond: Responder): void {
  if (problem.kind === 'bad-input' || problem.kind === 'not-found') {
    respond.refuse(problem, HTTP_STATUS[problem.kind]);
  } else {
    respond.refuse(problem, 503, { 'Retry-After': String(RETRY_AFTER_S) });
  }
}

/** The window may forget the segment while a slow reader still takes it. */
function sendParts(segment: Segment, parts: readonly Part[], respond: Responder): void {
  segment.lease.hold();
  respond.response.once('close', () => segment.lease.letGo());
  const chunks = parts.flatMap((part) => part.chunks);
  respond.send(MEDIA_TYPE, SEGMENT_CACHE, chunks);
}

function blockMs(window: SegmentWindow): number {
  return Math.min(MAX_BLOCK_MS, BLOCK_TARGETS * window.targetSeconds * 1_000);
}

const NO_STREAM = refusal('not-found', 'stream-unknown', 'this relay has no such camera or stream');
const NO_MEDIA = refusal('not-found', 'media-gone', 'this segment is not kept (any more): read the playlist again');
const TOO_SLOW = refusal('unavailable', 'playlist-late', `nothing new within ${BLOCK_TARGETS} target durations`);
const NOT_READY = refusal(
  'unavailable',
  'stream-not-ready',
  `no segment within ${FIRST_SEGMENT_MS / 1000} s of asking`,
);

/** A camera that is offline shows nothing, not even what is still in memory: nothing old looks live. */
function awayRefusal(camera: HlsCamera, stream: HlsStream): Refusal | undefined {
  const isAway = camera.isWatched(stream) && camera.state.name === 'offline';
  return isAway ? stateRefusal(camera.state) : undefined;
}

/** Why waiting is in vain: the camera is away, or this stream of it cannot be fetched. */
function problemOf(camera: HlsCamera, stream: HlsStream): Refusal | undefined {
  if (camera.isWatched(stream)) return awayRefusal(camera, stream);
  const { failure } = stream;
  return failure && refusal('unavailable', 'stream-unavailable', failure.message, { reason: failure.code });
}
