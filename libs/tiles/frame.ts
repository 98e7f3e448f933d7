import { readFragmentTimes } from './fragment-times.ts';

/**
 * What the relay sends on the tiles socket: one WebSocket message is one frame.
 *
 * ```
 *  0        1        2-3            4-7              8-15                     16…
 * +--------+--------+--------------+----------------+------------------------+----------------------+
 * | kind   | flags  | tile (u16)   | sequence (u32) | captured (f64, ms)     | payload              |
 * +--------+--------+--------------+----------------+------------------------+----------------------+
 * ```
 * Numbers are big-endian. `sequence` counts the fragments of one tile since it was opened: a gap tells the page how many
 * the relay skipped on its way to a key frame. `captured` is the wall clock of the picture in Unix milliseconds by the
 * relay's clock, 0 when not known. Bits of `flags` that are not named here are to be ignored.
 */
export const FRAME_HEADER_BYTES = 16;

/** Hard bound of one message, header included: an access unit beyond it is not sent but skipped. */
export const MAX_FRAME_BYTES = 8 * 1024 * 1024;
/** Bound of a notice's JSON. */
const MAX_NOTICE_BYTES = 512;

export const FRAME_KIND = {
  /** Payload: a byte with the length of the MIME type, the MIME type in ASCII, then an fMP4 init segment. */
  init: 1,
  /** Payload: one fMP4 fragment (moof, mdat) of one access unit. */
  fragment: 2,
  /** Payload: UTF-8 JSON of {@link TileNotice}. */
  notice: 3,
} as const;

/** Decoding can start at this fragment. */
export const FLAG_KEY = 0x01;
/** It does not continue the fragment before (reconnect, other parameter sets, skipped frames): append behind what is buffered. */
export const FLAG_DISCONTINUITY = 0x02;
/** `captured` is when the picture arrived at the relay, because the camera's own clock is not known. */
export const FLAG_ARRIVAL = 0x04;
/** More of the run that a tile starts with follows at once: to be appended together with it, and played from its end. */
export const FLAG_MORE = 0x08;

/** Why a tile shows nothing new, in the relay's words. `code` is kebab-case; those of `waiting` are the camera's health. */
export type TileNotice =
  /** Nothing to show now; ends with the next fragment. */
  | { readonly state: 'waiting'; readonly code: string }
  /** The tile was closed by the relay: its ticket is not (any more) good. */
  | { readonly state: 'refused'; readonly code: string }
  /** The tile was closed by the relay: there is no such stream (any more). */
  | { readonly state: 'ended'; readonly code: string };

export type TileFrame =
  | {
      readonly kind: 'init';
      readonly tile: number;
      readonly sequence: number;
      readonly mimeType: string;
      readonly segment: Uint8Array<ArrayBuffer>;
    }
  | {
      readonly kind: 'fragment';
      readonly tile: number;
      readonly sequence: number;
      readonly isKey: boolean;
      readonly isDiscontinuity: boolean;
      /** Unix milliseconds, or `null` when not known. */
      readonly capturedMs: number | null;
      /** `capturedMs` is the arrival at the relay. */
      readonly isArrival: boolean;
      /** The rest of the run that the tile starts with is on its way. */
      readonly hasMore: boolean;
      /** When its picture is shown, on the media timeline of the tile's stream. */
      readonly showMs: number;
      readonly durationMs: number;
      readonly fragment: Uint8Array<ArrayBuffer>;
    }
  | { readonly kind: 'notice'; readonly tile: number; readonly sequence: number; readonly notice: TileNotice };

/** Writes a header; the payload follows in the same message. `into` must hold {@link FRAME_HEADER_BYTES}. */
export function writeFrameHeader(
  into: Uint8Array,
  header: { kind: number; flags: number; tile: number; sequence: number; capturedMs: number },
): void {
  const view = new DataView(into.buffer, into.byteOffset, FRAME_HEADER_BYTES);
  view.setUint8(0, header.kind);
  view.setUint8(1, header.flags);
  view.setUint16(2, header.tile);
  view.setUint32(4, header.sequence >>> 0);
  view.setFloat64(8, header.capturedMs);
}

/** What a page may hand to `addSourceBuffer`: the two codecs of this project (RFC 6381 §3.3). */
const MIME_TYPE = /^video\/mp4; codecs="(?:avc1|hvc1)\.[0-9A-Za-z.]{1,64}"$/;
const CODE = /^[a-z][a-z0-9-]{0,63}$/;

export function mimeTypeOf(codecString: string): string {
  return `video/mp4; codecs="${codecString}"`;
}

/** The payload of an init frame. Throws when `mimeType` is not one that {@link readFrame} takes. */
export function initPayload(mimeType: string, segment: Uint8Array): Uint8Array {
  if (!MIME_TYPE.test(mimeType)) throw new RangeError(`not a MIME type of a tile: ${mimeType}`);
  const name = new TextEncoder().encode(mimeType);
  const payload = new Uint8Array(1 + name.length + segment.length);
  payload[0] = name.length;
  payload.set(name, 1);
  payload.set(segment, 1 + name.length);
  return payload;
}

/** The payload of a notice. */
export function noticePayload(notice: TileNotice): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ state: notice.state, code: notice.code }));
}

/** Reads one message; `undefined` when it is not a frame. Payloads are views into `bytes`. */
export function readFrame(bytes: Uint8Array<ArrayBuffer>): TileFrame | undefined {
  if (bytes.length <= FRAME_HEADER_BYTES || bytes.length > MAX_FRAME_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tile = view.getUint16(2);
  const sequence = view.getUint32(4);
  const payload = bytes.subarray(FRAME_HEADER_BYTES);
  switch (view.getUint8(0)) {
    case FRAME_KIND.init:
      return readInit(tile, sequence, payload);
    case FRAME_KIND.fragment:
      return readFragment(tile, sequence, view, payload);
    case FRAME_KIND.notice:
      return readNotice(tile, sequence, payload);
    default:
      return undefined;
  }
}

function readInit(tile: number, sequence: number, payload: Uint8Array<ArrayBuffer>): TileFrame | undefined {
  const segmentAt = 1 + payload[0]!;
  if (payload.length <= segmentAt) return undefined;
  const mimeType = String.fromCharCode(...payload.subarray(1, segmentAt));
  if (!MIME_TYPE.test(mimeType)) return undefined;
  return { kind: 'init', tile, sequence, mimeType, segment: payload.subarray(segmentAt) };
}

function readFragment(
  tile: number,
  sequence: number,
  view: DataView,
  fragment: Uint8Array<ArrayBuffer>,
): TileFrame | undefined {
  const times = readFragmentTimes(fragment);
  if (!times) return undefined;
  const flags = view.getUint8(1);
  const capturedMs = view.getFloat64(8);
  return {
    kind: 'fragment',
    tile,
    sequence,
    isKey: (flags & FLAG_KEY) !== 0,
    isDiscontinuity: (flags & FLAG_DISCONTINUITY) !== 0,
    capturedMs: Number.isFinite(capturedMs) && capturedMs > 0 ? capturedMs : null,
    isArrival: (flags & FLAG_ARRIVAL) !== 0,
    hasMore: (flags & FLAG_MORE) !== 0,
    showMs: times.showMs,
    durationMs: times.durationMs,
    fragment,
  };
}

function readNotice(tile: number, sequence: number, payload: Uint8Array): TileFrame | undefined {
  if (payload.length > MAX_NOTICE_BYTES) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !('state' in value) || !('code' in value)) return undefined;
  const { state, code } = value;
  if (typeof code !== 'string' || !CODE.test(code)) return undefined;
  if (state !== 'waiting' && state !== 'refused' && state !== 'ended') return undefined;
  return { kind: 'notice', tile, sequence, notice: { state, code } };
}
