import type { Clock } from '#libs/base';

/** Without a renewal for this long a watching has ended: tickets live two minutes and pages renew them before. */
const GAP_MS = 5 * 60_000;
/** However long it goes on, it is written down again after this: an audit of one day shows who watched on that day. */
const MAX_WATCH_MS = 8 * 3_600_000;
/** 200 people with 300 cameras each, with room. The longest ago is forgotten first, and so written down once more. */
const MAX_ENTRIES = 100_000;

interface Watching {
  readonly beganMs: number;
  lastMs: number;
}

/** Who is watching what now, so that the audit holds one line for each watching and not one for each renewal. */
export class ViewLog {
  private readonly watching = new Map<string, Watching>();

  constructor(
    private readonly clock: Clock,
    private readonly maxEntries = MAX_ENTRIES,
  ) {}

  isNew(accountId: string, cameraId: string): boolean {
    const known = this.watching.get(keyOf(accountId, cameraId));
    const nowMs = this.clock.monotonicMs();
    return !known || nowMs - known.lastMs > GAP_MS || nowMs - known.beganMs > MAX_WATCH_MS;
  }

  /** The watching goes on, or has begun. */
  note(accountId: string, cameraId: string): void {
    const key = keyOf(accountId, cameraId);
    const nowMs = this.clock.monotonicMs();
    const beganMs = this.isNew(accountId, cameraId) ? nowMs : this.watching.get(key)!.beganMs;
    this.watching.delete(key);
    this.watching.set(key, { beganMs, lastMs: nowMs });
    if (this.watching.size > this.maxEntries) this.watching.delete(this.watching.keys().next().value!);
  }
}

function keyOf(accountId: string, cameraId: string): string {
  return `${accountId} ${cameraId}`;
}
