import type { IncomingMessage } from 'node:http';
import { HTTP_STATUS, refusal, type Refusal } from '#libs/base';
import { bandwidthOf, masterPlaylist, type AudioRendition, type Variant } from '#libs/hls';
import { STREAM_ROLES, type StreamRole } from '#libs/wire';
import { mediaUri, refusePlaylist, sendPlaylist, type Asked, type HlsEdge } from './hls-edge.ts';
import type { Responder } from './responder.ts';
import { ticketIn, type Target } from './routes.ts';

/** What a stream is can be told when its playlist can begin. */
const FIRST_SEGMENT_MS = 8_000;

type Tickets = Partial<Record<StreamRole, string>>;

/**
 * `/hls/:cameraId/index.m3u8?main=<ticket>&sub=<ticket>`: the streams that the tickets are for. Asking for it is asking for
 * them: one on demand is fetched, because nobody knows its bandwidth before. One that cannot be fetched is left out.
 */
export class MasterEdge {
  constructor(private readonly hls: HlsEdge) {}

  async handle(cameraId: string, target: Target, request: IncomingMessage, respond: Responder): Promise<void> {
    const tickets = ticketsIn(target);
    const roles = STREAM_ROLES.filter((role) => tickets[role] !== undefined);
    if (roles.length === 0) return respond.refuse(NO_TICKET, HTTP_STATUS[NO_TICKET.kind]);
    const asked = roles.map((role) => this.hls.admit(cameraId, role, tickets[role], request, respond));
    const wrong = asked.find((each): each is Refusal => 'code' in each);
    if (wrong) return respond.refuse(wrong, HTTP_STATUS[wrong.kind]);
    const suffix = target.value('ll') === '0' ? '&ll=0' : '';
    const found = await Promise.all(asked.map((each) => this.variant(each as Asked, tickets, suffix)));
    const variants = found.filter((each): each is Variant => 'uri' in each);
    if (variants.length === 0) return refusePlaylist(found[0] as Refusal, respond);
    sendPlaylist(masterPlaylist(variants), respond);
  }

  private async variant(asked: Asked, tickets: Tickets, suffix: string): Promise<Variant | Refusal> {
    const { stream, role, reader } = asked;
    this.hls.ask(stream, reader);
    const isKnown = (): boolean => stream.format !== undefined && stream.window.beginsWithParts();
    const problem = await this.hls.untilReady(asked, isKnown, FIRST_SEGMENT_MS, NOT_KNOWN);
    if (problem) return problem;
    const audio = await this.audio(asked, tickets, suffix);
    return {
      ...(audio && { audio }),
      uri: `${mediaUri(role, tickets)}${suffix}`,
      format: stream.format!,
      bitsPerSecond: bandwidthOf(stream.window)!,
      framesPerSecond: stream.window.framesPerSecond,
    };
  }

  private async audio(asked: Asked, tickets: Tickets, suffix: string): Promise<AudioRendition | undefined> {
    const { stream, role } = asked;
    const { audioWindow, audioFormat } = stream;
    if (!audioWindow || !audioFormat) return undefined;
    const isKnown = (): boolean => audioWindow.beginsWithParts();
    const problem = await this.hls.untilReady({ ...asked, window: audioWindow }, isKnown, AUDIO_MS, NOT_KNOWN);
    if (problem) return undefined;
    return {
      uri: `${role}/audio/index.m3u8?ticket=${tickets[role]}${suffix}`,
      name: role,
      format: audioFormat,
      bitsPerSecond: bandwidthOf(audioWindow) ?? 0,
    };
  }
}

/** The audio of a stream begins with its video, if it comes at all: it is not waited for as long. */
const AUDIO_MS = 1_500;
const NO_TICKET = refusal('not-signed-in', 'ticket-missing', 'a ticket is needed to read video: main=, sub= or both');
const NOT_KNOWN = refusal(
  'unavailable',
  'stream-not-ready',
  `no segment within ${FIRST_SEGMENT_MS / 1000} s of asking`,
);

function ticketsIn(target: Target): Tickets {
  const tickets: Tickets = {};
  for (const role of STREAM_ROLES) {
    const ticket = ticketIn(target.value(role));
    if (ticket !== undefined) tickets[role] = ticket;
  }
  return tickets;
}
