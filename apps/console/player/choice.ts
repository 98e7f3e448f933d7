import type { CameraView, Codec, StreamRole } from '#libs/wire';

/** Which stream a tile plays, and what it must say about that. */
export interface StreamChoice {
  readonly stream: StreamRole;
  /** The wanted stream's codec cannot be played here, so the other one is shown. */
  readonly insteadOf: StreamRole | null;
}

/**
 * The wanted stream when this browser plays its codec, else the other one, else null (nothing playable). A camera without
 * a sub stream is watched on main.
 */
export function chooseStream(
  camera: Pick<CameraView, 'streams'>,
  wanted: StreamRole,
  plays: (codec: Codec) => boolean,
): StreamChoice | null {
  const has = (role: StreamRole): boolean => camera.streams.some((stream) => stream.role === role);
  const playable = (role: StreamRole): boolean =>
    camera.streams.some((stream) => stream.role === role && plays(stream.codec));
  if (playable(wanted)) return { stream: wanted, insteadOf: null };
  const other: StreamRole = wanted === 'main' ? 'sub' : 'main';
  if (!playable(other)) return null;
  return { stream: other, insteadOf: has(wanted) ? wanted : null };
}
