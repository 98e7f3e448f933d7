/**
 * hls.js keeps a time offset per discontinuity in an array whose index is the discontinuity number, and walks that array
 * from 0 (`initPTS.slice`, `.some`; 1.7.4). RFC 8216 §4.3.3.3 sets no bound on where a server begins to count, and a relay that
 * counts from the clock, so that its numbers survive a restart, makes the page stand still for minutes. Each line
 * therefore counts from its own beginning.
 */
export class DiscontinuityBase {
  private base: number | undefined;

  /** The playlist with its discontinuity sequence counted from the first one that was seen here. */
  rebase(playlist: string): string {
    return playlist.replace(TAG, (_tag, name: string, digits: string) => {
      const sequence = Number(digits);
      this.base ??= sequence;
      return `${name}${Math.max(0, sequence - this.base)}`;
    });
  }
}

const TAG = /^(#EXT-X-DISCONTINUITY-SEQUENCE:)(\d{1,16})/m;
