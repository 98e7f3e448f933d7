import { z } from 'zod';
import { cameraCode, cameraName, place } from './camera.ts';

/** What a camera that sends by itself is. */
export const PUBLISHER_KINDS = ['body-camera', 'phone', 'drone', 'other'] as const;
export type PublisherKind = (typeof PUBLISHER_KINDS)[number];

/** Who carries it, or which unit. */
const holder = z.string().trim().min(1).max(80).nullable();

/** A camera that pushes, beside its `CameraView` with the same id. Never carries its key. */
export const publisherView = z.object({
  cameraId: z.uuid(),
  kind: z.enum(PUBLISHER_KINDS),
  holder: z.string().nullable(),
  streamName: z.string(),
  /** `rtmp://host:port/live/<streamName>`, without the key; `null` while no relay takes publishers in. */
  address: z.string().nullable(),
  /** It has a key, so it can publish. */
  hasKey: z.boolean(),
  /** When the key was given, or taken away. */
  keyChangedAtMs: z.number(),
});
export type PublisherView = z.infer<typeof publisherView>;

/** The only answer that carries a key: it is shown once and stored as a hash. */
export const publisherWithKey = publisherView.extend({ key: z.string() });
export type PublisherWithKey = z.infer<typeof publisherWithKey>;

/** `POST /api/publishers`. `code` is given by the centre (next free `C-nn`) when left out. */
export const createPublisherBody = z.object({
  name: cameraName,
  code: cameraCode.optional(),
  kind: z.enum(PUBLISHER_KINDS),
  holder,
  place: place.nullable(),
});
export type CreatePublisherBody = z.infer<typeof createPublisherBody>;

/** `PATCH /api/publishers/:id`. Its name, code and place are changed as those of any camera. */
export const changePublisherBody = z.object({ kind: z.enum(PUBLISHER_KINDS), holder }).partial();
export type ChangePublisherBody = z.infer<typeof changePublisherBody>;
