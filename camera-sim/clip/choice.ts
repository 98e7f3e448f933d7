import type { SimCamera, SimProfile } from '../model.ts';

/** Which profile of a camera: `main` or `sub`. */
export type ProfileRole = 'main' | 'sub';

/** Shown by the main stream while the fault `spsChanged` is on: another resolution, and so another SPS. */
export const RECONFIGURED_CLIP = 'reconfigured';

/** Name of the clip that a camera's profile shows now: by preset of a PTZ head, and by fault. */
export function clipNameOf(camera: SimCamera, role: ProfileRole): string {
  const profile = profileOf(camera, role);
  if (role === 'main' && camera.faults.spsChanged) return `${RECONFIGURED_CLIP}-${profile.codec}`;
  return sceneName(camera, profile.clip);
}

/** Name of the still picture that goes with what the camera shows now. */
export function stillNameOf(camera: SimCamera): string {
  return sceneName(camera, camera.spec.main.clip);
}

export function profileOf(camera: SimCamera, role: ProfileRole): SimProfile {
  return role === 'main' ? camera.spec.main : camera.spec.sub;
}

function sceneName(camera: SimCamera, clip: string): string {
  const home = camera.spec.presets[0];
  if (!home) return clip;
  const shown = camera.spec.presets.find((preset) => preset.token === camera.position.preset) ?? home;
  return `${clip}-${shown.token}`;
}
