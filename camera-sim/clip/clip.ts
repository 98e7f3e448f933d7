import type { SimCodec } from '../model.ts';

/** What `clips/index.json` says of one file, written by the renderer and held against the file when it is loaded. */
export interface ClipFacts {
  readonly codec: SimCodec;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly framesPerSecond: number;
  readonly frames: number;
  readonly gopFrames: number;
  /** Only of clips with B-frames: display position of each access unit, in decoding order. */
  readonly order?: readonly number[];
}

/** One coded picture, without access unit delimiter, SEI and filler. */
export interface AccessUnit {
  readonly nalUnits: readonly Buffer[];
  readonly isKey: boolean;
  /** Position in the loop at which it is shown, 0..frames-1; the number its stamp carries. */
  readonly displayIndex: number;
}

/** An endless loop: the first access unit is a key frame and follows the last one seamlessly. */
export interface Clip extends ClipFacts {
  readonly name: string;
  /** In decoding order. */
  readonly accessUnits: readonly AccessUnit[];
  /** The first parameter sets of each kind: VPS (H.265 only), SPS, PPS. */
  readonly parameterSets: readonly Buffer[];
  /** How many frames after its display slot an access unit can be sent at the earliest; 0 without B-frames. */
  readonly reorderFrames: number;
}
