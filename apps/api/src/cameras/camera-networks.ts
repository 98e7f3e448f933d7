import type { Network } from '#libs/onvif';

/** Injection token of {@link AllowedNetworks}. */
export const CAMERA_NETWORKS = Symbol('CAMERA_NETWORKS');

/** Where cameras may be at this moment. Ask again each time: an administrator may have changed it. */
export interface AllowedNetworks {
  readonly allowed: readonly Network[];
}
