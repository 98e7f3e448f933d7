import type { CameraView, Codec, Conversion, StreamRole } from '#libs/wire';

/** Which stream a tile plays, and what it must say about that. */
export interface StreamChoice {
  readonly stream: StreamRole;
  /** No stream can be played here: the relay is asked to convert this one. */
  readonly as?: Conversion;
  /** The wanted stream's codec cannot be played here, so the other one is shown. */
  readonly insteadOf: StreamRole | null;
}

/**
 * The wanted stream when this browser plays its codec, else the other one, else the wanted one (or the only one) converted
 * to H.264, which every browser plays. A camera without a sub stream is watched on main. Null: it has no stream.
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
  if (playable(other)) return { stream: other, insteadOf: has(wanted) ? wanted : null };
  const converted = [wanted, other].find(has);
  return converted && plays('h264') ? { stream: converted, as: 'h264', insteadOf: null } : null;
}

/**
 * What a tile that will show main begins with: its sub stream, where the camera has one that is pulled all the time and the
 * browser plays as it is. Null: there is nothing better to begin with.
 */
export function firstChoice(
  camera: Pick<CameraView, 'streams' | 'warm'>,
  wanted: StreamRole,
  plays: (codec: Codec) => boolean,
): StreamChoice | null {
  if (wanted !== 'main' || !camera.warm) return null;
  const sub = chooseStream(camera, 'sub', plays);
  return sub?.stream === 'sub' && !sub.as && !sub.insteadOf ? sub : null;
}
