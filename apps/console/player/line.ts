import type { Conversion, StreamRole, TicketUse } from '#libs/wire';

/** Ways by which pictures come, best first: the tiles socket, HLS in parts, HLS, one picture a second. */
export const LINE_KINDS = ['tiles', 'll-hls', 'hls', 'snapshots'] as const;
export type LineKind = (typeof LINE_KINDS)[number];

export type LineFailure = 'video-network' | 'video-media' | 'video-codec' | 'ticket-refused';

/** Which stream of a camera, and converted to what. */
export interface Wanted {
  readonly stream: StreamRole;
  readonly as?: Conversion | undefined;
  /** Left out: to watch it. */
  readonly use?: TicketUse | undefined;
}

export function isSameWish(a: Wanted, b: Wanted): boolean {
  return a.stream === b.stream && a.as === b.as;
}

/** What one line of video reports. `fatal` means that this line is over and another must be built. */
export interface LineEvents {
  readonly onFatal: (code: LineFailure) => void;
  /** A single picture is shown: it was taken `ageMs` ago. Lines of video need not say so. */
  readonly onStill?: (ageMs: number) => void;
}

/** One way by which pictures come to a tile. */
export interface Line {
  readonly kind: LineKind;
  /**
   * Why there is no picture, where that is known and the next one comes by itself: there is no use in another line.
   * `video-network`: the relay does not answer, and the camera may be at another one by now.
   */
  readonly waitingFor: string | undefined;
  /**
   * Capture time of what is displayed now, milliseconds since the epoch by the relay's clock; null where unknown.
   * @param mediaMs media time of the displayed picture, where the browser tells it
   */
  displayedAtMs(mediaMs: number | undefined): number | null;
  /** A fresh ticket for the stream that is shown. */
  renew?(ticket: string): void;
  /** Goes over to another stream of the same camera without a black moment. A line that cannot has to be built anew. */
  change?(ticket: string): void;
  /** Nobody can see it: nothing need come. */
  setHidden?(isHidden: boolean): void;
  destroy(): void;
}
