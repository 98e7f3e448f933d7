/** How a line carries video: over the tiles socket, or by HLS. */
export type LineKind = 'tiles' | 'hls';

export type LineFailure = 'video-network' | 'video-media' | 'video-codec' | 'ticket-refused';

/** What one line of video reports. `fatal` means that this line is over and another must be built. */
export interface LineEvents {
  readonly onFatal: (code: LineFailure) => void;
}

/** One way by which pictures come to a video element. */
export interface Line {
  readonly kind: LineKind;
  /** It is known why there is no picture, and the next one comes by itself: there is no use in another line. */
  readonly isWaiting: boolean;
  /** The relay does not answer. The camera may be at another one by now. */
  readonly isCutOff?: boolean;
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
