import { z } from 'zod';
import { STREAM_ROLES } from './camera.ts';

/** What a stream is converted to, where a browser does not play its codec. Left out: as the camera sends it. */
export const CONVERSIONS = ['h264'] as const;
export type Conversion = (typeof CONVERSIONS)[number];

/** What leave is asked for. Left out: to watch. `overview`: small single pictures of what is there anyway, with their age. */
export const TICKET_USES = ['overview'] as const;
export type TicketUse = (typeof TICKET_USES)[number];

const wantedStream = z.object({
  cameraId: z.uuid(),
  stream: z.enum(STREAM_ROLES),
  as: z.enum(CONVERSIONS).optional(),
  use: z.enum(TICKET_USES).optional(),
});

/** `POST /api/video/tickets`: leave to watch, asked for all tiles of a page at once. */
export const ticketsBody = z.object({
  wanted: z.array(wantedStream).min(1).max(64),
});
export type TicketsBody = z.infer<typeof ticketsBody>;

export const ticketsView = z.object({
  expiresAtMs: z.number(),
  tickets: z.array(
    wantedStream.extend({
      ticket: z.string(),
      /** Absolute address of the media playlist at the relay, ticket included. */
      playlistUrl: z.string(),
      /** Absolute address of the relay's tiles socket, without a ticket: tickets go over the socket (`libs/tiles`). */
      tilesUrl: z.string(),
      /**
       * Absolute address of single pictures at the relay, ticket included; `&width=` 160, 320, 640 or 1280. The only address
       * that a ticket for an overview opens, with the first two widths.
       */
      snapshotUrl: z.string(),
    }),
  ),
  /** Cameras that were asked for and cannot be watched, each with why. */
  refused: z.array(wantedStream.extend({ code: z.string() })),
});
export type TicketsView = z.infer<typeof ticketsView>;

/** `GET /api/map`: what lies under the layers. */
export const mapView = z.object({
  base: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('schematic') }),
    z.object({ kind: z.literal('pmtiles'), url: z.string(), attribution: z.string() }),
    z.object({ kind: z.literal('tiles'), url: z.string(), attribution: z.string() }),
  ]),
  centre: z.object({ latitudeDeg: z.number(), longitudeDeg: z.number() }),
  zoom: z.number(),
});
export type MapView = z.infer<typeof mapView>;
