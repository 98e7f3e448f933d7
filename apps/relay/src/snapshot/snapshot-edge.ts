import { HTTP_STATUS, refusal, type Clock, type Refusal } from '#libs/base';
import { stateRefusal, type CameraState } from '#libs/relay';
import { verifyTicket, type VideoTicket } from '#libs/secret';
import type { StreamRole } from '#libs/wire';
import type { Responder } from '../responder.ts';
import type { Target } from '../routes.ts';
import { SNAPSHOT_WIDTHS_PX, type SnapshotMaker, type SnapshotStream, type SnapshotWidthPx } from './snapshot-maker.ts';

/** Milliseconds from the picture's capture to the answer: nothing old looks live. */
export const AGE_HEADER = 'Atalaya-Picture-Age-Ms';
/** What cannot be had just now is worth asking for again after this. */
const RETRY_AFTER_S = 2;
const DEFAULT_WIDTH_PX = 320;
const MAX_OVERVIEW_WIDTH_PX = 320;

export interface SnapshotCamera {
  readonly state: CameraState;
  ownStream(role: StreamRole): SnapshotStream | undefined;
  isWatched(stream: object): boolean;
}

export interface SnapshotEdgeOptions {
  readonly ticketKey: Buffer;
  readonly clock: Clock;
  readonly maker: SnapshotMaker;
  camera(id: string): SnapshotCamera | undefined;
}

interface Asked {
  readonly role: StreamRole;
  readonly stream: SnapshotStream;
  readonly isOverview: boolean;
}

/**
 * `/snapshot/:cameraId?ticket=&width=`: the newest key picture of the stream that the ticket is for, as JPEG. For an overview
 * what there is; else the stream is fetched where it is not.
 */
export class SnapshotEdge {
  constructor(private readonly options: SnapshotEdgeOptions) {}

  async handle(cameraId: string, target: Target, respond: Responder): Promise<void> {
    const { maker, clock } = this.options;
    const widthPx = widthIn(target.value('width'));
    if (widthPx === undefined) return refuse(WIDTH_UNKNOWN, respond);
    const asked = this.admit(cameraId, target.ticket);
    if ('code' in asked) return refuse(asked, respond);
    const { isOverview, role, stream } = asked;
    if (isOverview && widthPx > MAX_OVERVIEW_WIDTH_PX) return refuse(WIDTH_UNKNOWN, respond);
    const name = `${cameraId} ${role}`;
    const made = await (isOverview ? maker.glance(name, stream, widthPx) : maker.picture(name, stream, widthPx));
    if (!made.ok) return refuse(made.refusal, respond);
    const { jpeg, captured } = made.value;
    const ageMs = Math.max(0, Math.round(clock.nowMs() - captured.atMs));
    respond.send('image/jpeg', 'no-store', [jpeg], 200, { [AGE_HEADER]: String(ageMs) });
  }

  /** The ticket has to be ours, fresh, and for this camera; it says of which stream. */
  private admit(cameraId: string, text: string | undefined): Asked | Refusal {
    const ticket = this.ticketFor(cameraId, text);
    if ('code' in ticket) return ticket;
    const camera = this.options.camera(cameraId);
    const stream = camera?.ownStream(ticket.stream);
    if (!camera || !stream) return NO_STREAM;
    const isAway = camera.isWatched(stream) && camera.state.name === 'offline';
    return (
      (isAway ? stateRefusal(camera.state) : undefined) ?? {
        role: ticket.stream,
        stream,
        isOverview: ticket.use === 'overview',
      }
    );
  }

  private ticketFor(cameraId: string, text: string | undefined): VideoTicket | Refusal {
    if (text === undefined) return refusal('not-signed-in', 'ticket-missing', 'a ticket is needed to see a picture');
    const verdict = verifyTicket(this.options.ticketKey, text, this.options.clock.nowMs(), 'overview');
    if (!verdict.ok)
      return refusal('not-signed-in', verdict.code, 'the ticket is not valid (any more): ask for a new one');
    if (verdict.ticket.cameraId === cameraId) return verdict.ticket;
    return refusal('forbidden', 'ticket-for-another', 'the ticket is for another camera');
  }
}

function widthIn(text: string | undefined): SnapshotWidthPx | undefined {
  if (text === undefined) return DEFAULT_WIDTH_PX;
  return SNAPSHOT_WIDTHS_PX.find((widthPx) => String(widthPx) === text);
}

function refuse(reason: Refusal, respond: Responder): void {
  const status = HTTP_STATUS[reason.kind];
  respond.refuse(reason, status, status === 503 || status === 429 ? { 'Retry-After': String(RETRY_AFTER_S) } : {});
}

const NO_STREAM = refusal('not-found', 'stream-unknown', 'this relay has no such camera or stream');
const WIDTH_UNKNOWN = refusal('bad-input', 'width-unknown', `width must be one of ${SNAPSHOT_WIDTHS_PX.join(', ')}`);
