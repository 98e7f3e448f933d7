import { z } from 'zod';

/** Networks that an administrator may add to those of the environment. */
export const MAX_ADDED_NETWORKS = 32;

/**
 * `PUT /api/settings/camera-networks`: the whole list that is added to the base. `basedOnMs` is the `changedAtMs` of the
 * view that was edited: what somebody else saved meanwhile is not overwritten unseen.
 */
export const cameraNetworksBody = z.object({
  added: z.array(z.string().trim().min(1).max(60)).max(MAX_ADDED_NETWORKS),
  basedOnMs: z.number().nullable(),
});
export type CameraNetworksBody = z.infer<typeof cameraNetworksBody>;

/** `GET /api/settings/camera-networks`: where cameras may be, in CIDR notation. */
export const cameraNetworksView = z.object({
  /** From the environment; changed by whoever runs the machine. */
  base: z.array(z.string()),
  /** From an administrator, beyond the base. */
  added: z.array(z.string()),
  changedAtMs: z.number().nullable(),
  changedBy: z.string().nullable(),
  /** Adopted cameras whose address lies outside now: their video goes on, but no question reaches the device. */
  camerasOutside: z.array(z.string()),
});
export type CameraNetworksView = z.infer<typeof cameraNetworksView>;
