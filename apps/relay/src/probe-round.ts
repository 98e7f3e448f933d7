/** What is asked from time to time because nobody pulls it. */
export interface Probed {
  /** When it wants to be asked, monotonic; `Infinity` while it is pulled or asked. */
  readonly probeDueMs: number;
  readonly isProbing: boolean;
  probe(): void;
}

/**
 * So many are asked at once. Each takes some milliseconds where the camera answers and four seconds where nothing does: a
 * thousand cameras at rest, each asked once a minute, are 17 short connections a second; a dead switch of a hundred is gone through in
 * 13 s.
 */
const MAX_AT_ONCE = 32;

/** Asks cameras at rest how they are, a bounded number at a time, the longest overdue first. */
export class ProbeRound {
  tick(all: Iterable<Probed>, nowMs: number): void {
    let room = MAX_AT_ONCE;
    const due: Probed[] = [];
    for (const each of all) {
      if (each.isProbing) room--;
      else if (each.probeDueMs <= nowMs) due.push(each);
    }
    if (due.length > room) due.sort((a, b) => a.probeDueMs - b.probeDueMs);
    for (const each of due.slice(0, Math.max(0, room))) each.probe();
  }
}
