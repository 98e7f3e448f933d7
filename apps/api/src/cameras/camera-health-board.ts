import type { Clock } from '#libs/base';
import type { CameraHealth } from '#libs/wire';
import type { CameraHealthEntity } from './camera-health.entity.ts';
import type { RelayBeat } from './camera-health.store.ts';

/** A relay beats each second; after this long without a beat nothing that it said is current. */
export const RELAY_SILENT_MS = 3_000;
/** Numbers alone (bit rate, frames) reach the screens this often; a state reaches them at once. */
const NUMBERS_EVERY_MS = 5_000;
/**
 * A row's revision is taken before its commit, so a smaller one can appear after a larger: each poll looks back over so many.
 */
const REVISION_LOOKBACK = 512n;

interface RelayState {
  /** As written: a new beat is another value, whoever's clock it is from. */
  heartbeatAtMs: number;
  /** When we last saw it change, on our own clock that only goes forward. */
  beatSeenMs: number;
  silent: boolean;
  /** Wall clock at which its silence began, for the screens. */
  silentSinceMs: number;
}

interface Published {
  readonly health: CameraHealth;
  readonly atMs: number;
}

/**
 * What is known of every camera's health, from the rows of the relays and their beats. Pure memory: the reader feeds it,
 * and it answers which cameras look different now.
 */
export class CameraHealthBoard {
  private readonly rows = new Map<string, CameraHealthEntity>();
  private readonly relays = new Map<string, RelayState>();
  private readonly published = new Map<string, Published>();
  private lastRevision = 0n;

  constructor(private readonly clock: Clock) {}

  /** Ask the table for rows after this. */
  get readAfter(): bigint {
    return this.lastRevision > REVISION_LOOKBACK ? this.lastRevision - REVISION_LOOKBACK : 0n;
  }

  /** Takes what one poll read and answers the ids of cameras whose health should be shown anew. */
  update(rows: readonly CameraHealthEntity[], beats: readonly RelayBeat[]): string[] {
    for (const row of rows) this.takeRow(row);
    for (const beat of beats) this.takeBeat(beat);
    this.judgeRelays(new Set(beats.map((beat) => beat.id)));
    return [...this.rows.keys()].filter((id) => this.isNews(id));
  }

  /** A camera that no relay has spoken of is waiting for one since it was adopted. */
  healthOf(cameraId: string, adoptedAtMs: number): CameraHealth {
    const row = this.rows.get(cameraId);
    return row ? this.judged(row) : waiting(adoptedAtMs);
  }

  /** Whether a relay has ever spoken of a camera. */
  isKnown(cameraId: string): boolean {
    return this.rows.has(cameraId);
  }

  forget(cameraId: string): void {
    this.rows.delete(cameraId);
    this.published.delete(cameraId);
  }

  private takeRow(row: CameraHealthEntity): void {
    const known = this.rows.get(row.cameraId);
    const revision = BigInt(row.revision);
    if (!known || BigInt(known.revision) < revision) this.rows.set(row.cameraId, row);
    if (revision > this.lastRevision) this.lastRevision = revision;
  }

  private takeBeat(beat: RelayBeat): void {
    const heartbeatAtMs = beat.heartbeatAt.getTime();
    const known = this.relays.get(beat.id);
    if (known?.heartbeatAtMs === heartbeatAtMs) return;
    // Of a relay that is new to us, only the database can say how old its last beat is.
    const ageMs = known ? 0 : Math.max(0, beat.ageMs);
    this.relays.set(beat.id, {
      heartbeatAtMs,
      beatSeenMs: this.clock.monotonicMs() - ageMs,
      silent: known?.silent ?? true,
      silentSinceMs: known?.silentSinceMs ?? heartbeatAtMs,
    });
  }

  private judgeRelays(present: ReadonlySet<string>): void {
    const nowMs = this.clock.monotonicMs();
    for (const [id, relay] of this.relays) {
      const silent = !present.has(id) || nowMs - relay.beatSeenMs > RELAY_SILENT_MS;
      if (silent && !relay.silent) relay.silentSinceMs = this.clock.nowMs() - (nowMs - relay.beatSeenMs);
      relay.silent = silent;
    }
  }

  private judged(row: CameraHealthEntity): CameraHealth {
    const relay = this.relays.get(row.relayId);
    if (relay?.silent === false) return healthOfRow(row);
    const sinceMs = Math.max(row.since.getTime(), relay?.silentSinceMs ?? row.updatedAt.getTime());
    return {
      ...healthOfRow(row),
      state: 'offline',
      sinceMs,
      reason: { code: 'relay-silent', message: 'the relay that pulls this camera does not report' },
      bitrateKbps: null,
      framesPerSecond: null,
      activity: null,
      checkedAtMs: null,
      lossShare: null,
      jitterMs: null,
      delayMs: null,
      readers: null,
    };
  }

  private isNews(cameraId: string): boolean {
    const health = this.judged(this.rows.get(cameraId)!);
    const shown = this.published.get(cameraId);
    const nowMs = this.clock.monotonicMs();
    const numbersDue =
      !shown || (nowMs - shown.atMs >= NUMBERS_EVERY_MS && health.updatedAtMs !== shown.health.updatedAtMs);
    if (!numbersDue && isSameState(shown.health, health)) return false;
    this.published.set(cameraId, { health, atMs: nowMs });
    return true;
  }
}

function isSameState(a: CameraHealth, b: CameraHealth): boolean {
  return (
    a.state === b.state &&
    a.sinceMs === b.sinceMs &&
    a.reason?.code === b.reason?.code &&
    a.reconnects === b.reconnects &&
    a.activity?.state === b.activity?.state
  );
}

function healthOfRow(row: CameraHealthEntity): CameraHealth {
  return {
    state: row.state,
    sinceMs: row.since.getTime(),
    reason: row.reasonCode === null ? null : { code: row.reasonCode, message: row.reasonMessage ?? '' },
    reconnects: row.reconnects,
    bitrateKbps: row.bitrateKbps,
    framesPerSecond: row.framesPerSecond,
    keyFrameIntervalMs: row.keyFrameIntervalMs,
    lastKeyFrameAtMs: row.lastKeyFrameAt?.getTime() ?? null,
    activity: activityOf(row),
    checkedAtMs: row.checkedAt?.getTime() ?? null,
    lossShare: row.lossShare,
    jitterMs: row.jitterMs,
    delayMs: row.delayMs,
    readers: row.readers,
    updatedAtMs: row.updatedAt.getTime(),
  };
}

function waiting(adoptedAtMs: number): CameraHealth {
  return {
    state: 'connecting',
    sinceMs: adoptedAtMs,
    reason: { code: 'waiting-for-relay', message: 'no relay has taken this camera yet' },
    reconnects: 0,
    bitrateKbps: null,
    framesPerSecond: null,
    keyFrameIntervalMs: null,
    lastKeyFrameAtMs: null,
    activity: null,
    checkedAtMs: null,
    lossShare: null,
    jitterMs: null,
    delayMs: null,
    readers: null,
    updatedAtMs: adoptedAtMs,
  };
}

function activityOf({ activityState, activityScore, activitySince }: CameraHealthEntity): CameraHealth['activity'] {
  if (activityState === null || activitySince === null) return null;
  return { state: activityState, score: activityScore, sinceMs: activitySince.getTime() };
}
