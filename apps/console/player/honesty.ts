/**
 * What a tile may claim about its picture. Pure: it is told of frames, time and the camera's state, and says what to show.
 * The rule of the house: nothing old ever looks live.
 */

/** Why a picture is not live. Each ends when a fresh frame is displayed while the camera is not offline. */
export type LostCause = 'stalled' | 'camera-offline' | 'refused' | 'unplayable';

export type Picture =
  /**
   * Asked for, no video yet; `takenAtMs` when a single picture is shown meanwhile. Ends with the first frame, or becomes
   * `lost` after {@link START_PATIENCE_MS}.
   */
  | { readonly kind: 'starting'; readonly sinceMs: number; readonly takenAtMs?: number }
  /** Frames arrive. `latencyMs` is capture to display where the playlist tells the time, else null. */
  | { readonly kind: 'live'; readonly lastFrameAtMs: number; readonly latencyMs: number | null }
  /** Frames move but show the past. Ends when latency falls under {@link LATE_MS}. */
  | { readonly kind: 'late'; readonly lastFrameAtMs: number; readonly latencyMs: number }
  /**
   * One picture a second instead of video. `lastFrameAtMs` is when the last one came, `takenAtMs` when it was taken, as far
   * as the relay knows; `why` is the code of what keeps video away, where it is known.
   */
  | { readonly kind: 'stills'; readonly lastFrameAtMs: number; readonly takenAtMs: number; readonly why?: string }
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
  /** A single picture came, taken `ageMs` ago. `isPoster`: it stands for video that is still coming. */
  | { readonly kind: 'still'; readonly ageMs: number; readonly isPoster: boolean; readonly why?: string | undefined }
  /** The relay says why there is no picture. */
  | { readonly kind: 'explained'; readonly code: string }
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
/** Single pictures come once a second; some camera or some machine is slower. */
export const STILL_STALE_MS = 6_000;

export function startHonesty(nowMs: number): Honesty {
  return { picture: { kind: 'starting', sinceMs: nowMs }, cameraOffline: false };
}

/** The next state. `nowMs` is monotonic. Answers the same object when nothing a viewer could see has changed. */
export function judge(state: Honesty, event: PictureEvent, nowMs: number): Honesty {
  switch (event.kind) {
    case 'frame':
      return onFrame(state, event.latencyMs, nowMs);
    case 'still':
      return onStill(state, event, nowMs);
    case 'explained':
      return onExplained(state, event.code);
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

function onStill(state: Honesty, event: Extract<PictureEvent, { kind: 'still' }>, nowMs: number): Honesty {
  const { picture } = state;
  const takenAtMs = nowMs - event.ageMs;
  if (state.cameraOffline) return state;
  if (!event.isPoster) {
    const why = event.why === undefined ? {} : { why: event.why };
    return { ...state, picture: { kind: 'stills', lastFrameAtMs: nowMs, takenAtMs, ...why } };
  }
  return picture.kind === 'starting' ? { ...state, picture: { ...picture, takenAtMs } } : state;
}

/** What the camera's own state says comes first; it is told elsewhere. */
function onExplained(state: Honesty, code: string): Honesty {
  const { picture } = state;
  if (picture.kind !== 'lost' || picture.cause !== 'stalled' || picture.code === code) return state;
  return { ...state, picture: { ...picture, code } };
}

function onTick(state: Honesty, nowMs: number): Honesty {
  const { picture } = state;
  if (picture.kind === 'starting') {
    return nowMs - picture.sinceMs < START_PATIENCE_MS ? state : { ...state, picture: lost(picture, 'stalled', nowMs) };
  }
  const staleMs = picture.kind === 'stills' ? STILL_STALE_MS : STALE_MS;
  if (picture.kind === 'lost' || nowMs - picture.lastFrameAtMs < staleMs) return state;
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
  const lastFrameAtMs = shownAtMs(before);
  const sinceMs = lastFrameAtMs ?? ('sinceMs' in before ? before.sinceMs : nowMs);
  return code === undefined
    ? { kind: 'lost', cause, sinceMs, lastFrameAtMs }
    : { kind: 'lost', cause, sinceMs, lastFrameAtMs, code };
}

/** Of which time the picture is that stays to be seen: a single one may have been old when it came. */
function shownAtMs(picture: Picture): number | null {
  if (picture.kind === 'starting') return picture.takenAtMs ?? null;
  return picture.kind === 'stills' ? picture.takenAtMs : picture.lastFrameAtMs;
}
