/**
 * What a tile may claim about its picture. Pure: it is told of frames, time and the camera's state, and says what to show.
 * The rule of the house: nothing old ever looks live.
 */

/** Why a picture is not live. Each ends when a fresh frame is displayed while the camera is not offline. */
export type LostCause = 'stalled' | 'camera-offline' | 'refused' | 'unplayable';

export type Picture =
  /** Asked for, nothing displayed yet. Ends with the first frame, or becomes `lost` after {@link START_PATIENCE_MS}. */
  | { readonly kind: 'starting'; readonly sinceMs: number }
  /** Frames arrive. `latencyMs` is capture to display where the playlist tells the time, else null. */
  | { readonly kind: 'live'; readonly lastFrameAtMs: number; readonly latencyMs: number | null }
  /** Frames move but show the past. Ends when latency falls under {@link LATE_MS}. */
  | { readonly kind: 'late'; readonly lastFrameAtMs: number; readonly latencyMs: number }
  /** No frame since `lastFrameAtMs` (null: never one). `sinceMs` is what the age counts from. */
  | {
      readonly kind: 'lost';
      readonly cause: LostCause;
      readonly sinceMs: number;
      readonly lastFrameAtMs: number | null;
      readonly code?: string;
    };

export type PictureEvent =
  | { readonly kind: 'frame'; readonly latencyMs: number | null }
  | { readonly kind: 'tick' }
  | { readonly kind: 'camera'; readonly offline: boolean }
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'unplayable' }
  | { readonly kind: 'restarted' };

export interface Honesty {
  readonly picture: Picture;
  readonly cameraOffline: boolean;
}

/** Ticks come every 500 ms: 2.4 s without a frame is greyed within 3 s. */
export const STALE_MS = 2_400;
/** A picture older than this is not called live even though it moves. */
export const LATE_MS = 8_000;
export const START_PATIENCE_MS = 8_000;

export function startHonesty(nowMs: number): Honesty {
  return { picture: { kind: 'starting', sinceMs: nowMs }, cameraOffline: false };
}

/** The next state. `nowMs` is monotonic. Answers the same object when nothing a viewer could see has changed. */
export function judge(state: Honesty, event: PictureEvent, nowMs: number): Honesty {
  switch (event.kind) {
    case 'frame':
      return onFrame(state, event.latencyMs, nowMs);
    case 'tick':
      return onTick(state, nowMs);
    case 'camera':
      return onCamera(state, event.offline, nowMs);
    case 'refused':
      return { ...state, picture: lost(state.picture, 'refused', nowMs, event.code) };
    case 'unplayable':
      return { ...state, picture: lost(state.picture, 'unplayable', nowMs) };
    case 'restarted':
      return state.picture.kind === 'lost' && state.picture.cause !== 'camera-offline'
        ? { ...state, picture: { ...state.picture, cause: 'stalled' } }
        : state;
  }
}

/** A frame left over in the buffer of a camera that is known to be gone proves nothing. */
function onFrame(state: Honesty, latencyMs: number | null, nowMs: number): Honesty {
  if (state.cameraOffline) return state;
  if (latencyMs !== null && latencyMs > LATE_MS)
    return { ...state, picture: { kind: 'late', lastFrameAtMs: nowMs, latencyMs } };
  return { ...state, picture: { kind: 'live', lastFrameAtMs: nowMs, latencyMs } };
}

function onTick(state: Honesty, nowMs: number): Honesty {
  const { picture } = state;
  if (picture.kind === 'starting') {
    return nowMs - picture.sinceMs < START_PATIENCE_MS ? state : { ...state, picture: lost(picture, 'stalled', nowMs) };
  }
  if (picture.kind === 'lost' || nowMs - picture.lastFrameAtMs < STALE_MS) return state;
  return { ...state, picture: lost(picture, 'stalled', nowMs) };
}

function onCamera(state: Honesty, offline: boolean, nowMs: number): Honesty {
  if (offline === state.cameraOffline) return state;
  if (offline) return { cameraOffline: true, picture: lost(state.picture, 'camera-offline', nowMs) };
  const { picture } = state;
  const waiting = picture.kind === 'lost' && picture.cause === 'camera-offline';
  return { cameraOffline: false, picture: waiting ? { ...picture, cause: 'stalled' } : picture };
}

/** The age counts from the last frame that was displayed; without one, from when it was asked for. */
function lost(before: Picture, cause: LostCause, nowMs: number, code?: string): Picture {
  const lastFrameAtMs = before.kind === 'starting' ? null : before.lastFrameAtMs;
  const sinceMs = lastFrameAtMs ?? (before.kind === 'live' || before.kind === 'late' ? nowMs : before.sinceMs);
  return code === undefined
    ? { kind: 'lost', cause, sinceMs, lastFrameAtMs }
    : { kind: 'lost', cause, sinceMs, lastFrameAtMs, code };
}
