import type { IncomingMessage, ServerResponse } from 'node:http';
import { HTTP_STATUS, refusal, type Clock, type Refusal } from '#libs/base';
import { mediaPlaylist, type SegmentWindow } from '#libs/hls';
import { stateRefusal, type CameraState } from '#libs/relay';
import { verifyTicket, type VideoTicket } from '#libs/secret';
import type { StreamRole } from '#libs/wire';
import type { Responder } from './responder.ts';
import type { Route } from './routes.ts';

/** A reader that asked for a stream on demand is kept waiting this long for its first segment. */
const FIRST_SEGMENT_MS = 8_000;
const LOOK_MS = 200;
const MAX_WAITING = 256;
/** A playlist that could not be given is worth asking for again after this. */
const RETRY_AFTER_S = 2;
/** A segment never changes under its number; a reader asks for it once. */
const SEGMENT_CACHE = 'private, max-age=60, immutable';

type HlsRoute = Extract<Route, { readonly name: 'hls' }>;

/** What is needed of a stream to give it to readers. */
export interface HlsStream {
  readonly window: SegmentWindow;
  /** Why it cannot be fetched just now. */
  readonly failure: Refusal | undefined;
  /** `reader` asks for it: keeps it coming for a while. */
  ask(reader: string, nowMs: number): void;
}

export interface HlsCamera {
  readonly state: CameraState;
  stream(role: StreamRole): HlsStream | undefined;
  /** The stream that {@link HlsCamera.state} speaks of. */
  isWatched(stream: HlsStream): boolean;
}

export interface HlsEdgeOptions {
  readonly ticketKey: Buffer;
  readonly clock: Clock;
  camera(id: string): HlsCamera | undefined;
}

/** `/hls/:cameraId/:stream/...`: checks the ticket, then gives what the window holds. */
export class HlsEdge {
  private waiting = 0;

  constructor(private readonly options: HlsEdgeOptions) {}

  async handle(
    route: HlsRoute,
    ticketText: string | undefined,
    request: IncomingMessage,
    respond: Responder,
  ): Promise<void> {
    const ticket = this.admit(route, ticketText);
    if ('code' in ticket) return respond.refuse(ticket, HTTP_STATUS[ticket.kind]);
    const camera = this.options.camera(route.cameraId);
    const stream = camera?.stream(route.stream);
    if (!camera || !stream) return respond.refuse(NO_STREAM, 404);
    const reader = `${ticket.accountId} ${request.socket.remoteAddress}`;
    if (route.file.kind !== 'playlist') return this.media(route.file, stream, reader, respond);
    const problem = await this.firstSegment(camera, stream, reader, respond.response);
    if (problem) return respond.refuse(problem, 503, { 'Retry-After': String(RETRY_AFTER_S) });
    const text = mediaPlaylist(stream.window, `ticket=${ticketText}`);
    respond.send('application/vnd.apple.mpegurl', 'no-store', [Buffer.from(text)]);
  }

  /** The ticket has to be ours, fresh, and for exactly this stream of this camera. */
  private admit(route: HlsRoute, text: string | undefined): VideoTicket | Refusal {
    if (text === undefined) return refusal('not-signed-in', 'ticket-missing', 'a ticket is needed to read video');
    const verdict = verifyTicket(this.options.ticketKey, text, this.options.clock.nowMs());
    if (!verdict.ok)
      return refusal('not-signed-in', verdict.code, 'the ticket is not valid (any more): ask for a new one');
    const { cameraId, stream } = verdict.ticket;
    if (cameraId === route.cameraId && stream === route.stream) return verdict.ticket;
    return refusal('forbidden', 'ticket-for-another', 'the ticket is for another camera or stream');
  }

  private media(
    file: Exclude<HlsRoute['file'], { readonly kind: 'playlist' }>,
    stream: HlsStream,
    reader: string,
    respond: Responder,
  ): void {
    stream.ask(reader, this.options.clock.monotonicMs());
    const init = file.kind === 'init' ? stream.window.init(file.number) : undefined;
    if (init) return respond.send('video/mp4', SEGMENT_CACHE, [init]);
    const segment = file.kind === 'segment' ? stream.window.find(file.number) : undefined;
    if (!segment) return respond.refuse(NO_MEDIA, 404);
    // The window may forget the segment while a slow reader still takes it.
    segment.lease.hold();
    respond.response.once('close', () => segment.lease.letGo());
    respond.send(
      'video/iso.segment',
      SEGMENT_CACHE,
      segment.parts.flatMap((part) => part.chunks),
    );
  }

  /** Waits until there is something to list. Undefined: there is; else why not. */
  private async firstSegment(
    camera: HlsCamera,
    stream: HlsStream,
    reader: string,
    response: ServerResponse,
  ): Promise<Refusal | undefined> {
    const { clock } = this.options;
    stream.ask(reader, clock.monotonicMs());
    const away = awayRefusal(camera, stream);
    if (away || stream.window.listed.length > 0) return away;
    if (this.waiting >= MAX_WAITING)
      return refusal('too-many', 'too-many-waiting', `${MAX_WAITING} readers wait already`);
    this.waiting++;
    try {
      return await this.outcome(camera, stream, response);
    } finally {
      this.waiting--;
    }
  }

  private outcome(camera: HlsCamera, stream: HlsStream, response: ServerResponse): Promise<Refusal | undefined> {
    const { clock } = this.options;
    const startMs = clock.monotonicMs();
    return new Promise((resolve) => {
      const settle = (problem: Refusal | undefined): void => {
        stopWatching();
        timer.cancel();
        response.off('close', onClose);
        resolve(problem);
      };
      const look = (): void => {
        if (stream.window.listed.length > 0) return settle(undefined);
        const problem = problemOf(camera, stream);
        if (problem) settle(problem);
        else if (clock.monotonicMs() - startMs >= FIRST_SEGMENT_MS) settle(NOT_READY);
      };
      const onClose = (): void => settle(NOT_READY);
      const stopWatching = stream.window.watch(look);
      const timer = clock.every(LOOK_MS, look);
      response.on('close', onClose);
      look();
    });
  }
}

const NO_STREAM = refusal('not-found', 'stream-unknown', 'this relay has no such camera or stream');
const NO_MEDIA = refusal('not-found', 'media-gone', 'this segment is not kept (any more): read the playlist again');
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
