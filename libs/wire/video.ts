import { z } from 'zod';
import { STREAM_ROLES } from './camera.ts';

/** `POST /api/video/tickets`: leave to watch, asked for all tiles of a page at once. */
export const ticketsBody = z.object({
  wanted: z
    .array(z.object({ cameraId: z.uuid(), stream: z.enum(STREAM_ROLES) }))
    .min(1)
    .max(64),
});
export type TicketsBody = z.infer<typeof ticketsBody>;

export const ticketsView = z.object({
  expiresAtMs: z.number(),
  tickets: z.array(
    z.object({
      cameraId: z.uuid(),
      stream: z.enum(STREAM_ROLES),
      ticket: z.string(),
      /** Absolute address of the media playlist at the relay, ticket included. */
      playlistUrl: z.string(),
      /** Absolute address of the relay's tiles socket, without a ticket: tickets go over the socket (`libs/tiles`). */
      tilesUrl: z.string(),
    }),
  ),
  /** Cameras that were asked for and cannot be watched, each with why. */
  refused: z.array(z.object({ cameraId: z.uuid(), stream: z.enum(STREAM_ROLES), code: z.string() })),
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
