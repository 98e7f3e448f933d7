import type { SimCamera } from '../model.ts';
import { clipNameOf, type ProfileRole } from '../clip/choice.ts';
import type { Clip } from '../clip/clip.ts';
import { flavourOf } from './flavour.ts';
import type { Link } from './link.ts';
import type { PreparedClip } from './prepare.ts';
import type { PreparedLibrary } from './prepared-library.ts';
import type { Reader } from './reader.ts';
import { SentRing } from './sent-ring.ts';
import type { Ticker, Ticking } from './ticker.ts';
import type { Timeline } from './timeline.ts';

const REPORT_PERIOD_MS = 5_000;
/** After a stall longer than this the missed frames are skipped, not sent in one burst. */
const MAX_CATCH_UP_MS = 1_000;
const TICKS_PER_MS = 90;

/**
 * One stream of one camera. Frame `n` of a clip is due at `n` frame times after 1970, plus the camera's phase: every loop
 * begins at a true multiple of its length, and all readers are served from one position.
 */
export class LiveStream implements Ticking {
  readonly sent = new SentRing();
  private readonly readers = new Set<Reader>();
  private shown: PreparedClip | undefined;
  /** Number since 1970 of the next frame to send, in decoding order. */
  private nextSlot: number | undefined;

  constructor(
    readonly camera: SimCamera,
    readonly role: ProfileRole,
    private readonly library: PreparedLibrary,
    private readonly timeline: Timeline,
    private readonly ticker: Ticker,
    private readonly link: Link,
  ) {}

  get readerCount(): number {
    return this.readers.size;
  }

  /** What a client that asks now will see. */
  get clip(): Clip {
    return this.wanted().clip;
  }

  add(reader: Reader): void {
    if (this.readers.size === 0) this.begin();
    this.readers.add(reader);
  }

  remove(reader: Reader): void {
    if (!this.readers.delete(reader) || this.readers.size > 0) return;
    this.ticker.remove(this);
  }

  /** When the next key frame is due, in 90 kHz ticks since 1970: what a reader that joins now gets first. */
  nextKeyTicks(): number {
    const shown = this.wanted();
    let slot = this.slotNow(shown) + 1;
    while (mod(slot, shown.clip.gopFrames) !== 0) slot++;
    return this.ticksOf(shown, slot);
  }

  tick(): void {
    this.link.drain(this.timeline.clock.monotonicMs());
    if (this.camera.faults.frozen) return this.hold();
    this.report();
    this.catchUp();
    while (this.shown && this.nextSlot! <= this.slotNow(this.shown)) this.emit();
  }

  private begin(): void {
    this.shown = this.wanted();
    this.nextSlot = this.slotNow(this.shown) + 1;
    this.ticker.add(this);
  }

  private hold(): void {
    this.nextSlot = undefined;
    for (const reader of this.readers) reader.waitForKey();
  }

  private catchUp(): void {
    const shown = this.shown!;
    const now = this.slotNow(shown);
    const missed = now - (this.nextSlot ?? -Infinity);
    if (missed * this.frameMs(shown) <= MAX_CATCH_UP_MS) return;
    this.nextSlot = now + 1;
    for (const reader of this.readers) reader.waitForKey();
  }

  private emit(): void {
    this.followCamera();
    const shown = this.shown!;
    const slot = this.nextSlot!;
    const frame = shown.frames[mod(slot, shown.frames.length)]!;
    const ticks = this.ticksOf(shown, slot);
    for (const reader of this.readers) reader.offer(frame, ticks, this.camera.faults.corruptShare);
    this.sent.add(frame.displayIndex, this.timeline.clock.nowMs(), this.timeline.clock.monotonicMs());
    this.nextSlot = slot + 1;
  }

  /** At a key frame the picture changes to what the head or a fault asks for, if that has a key frame here too. */
  private followCamera(): void {
    const shown = this.shown!;
    if (mod(this.nextSlot!, shown.clip.gopFrames) !== 0) return;
    const wanted = this.wanted();
    if (wanted === shown) return;
    const slot = Math.round((this.nextSlot! * wanted.clip.framesPerSecond) / shown.clip.framesPerSecond);
    if (mod(slot, wanted.clip.gopFrames) !== 0) return;
    this.shown = wanted;
    this.nextSlot = slot;
  }

  private report(): void {
    const nowMs = this.timeline.nowMs();
    for (const reader of this.readers) {
      if (nowMs < reader.nextReportAtMs) continue;
      reader.nextReportAtMs = nowMs + REPORT_PERIOD_MS;
      reader.report(Math.round(nowMs * TICKS_PER_MS), this.camera.nowMs(nowMs), `${this.role}@${this.camera.host}`);
    }
  }

  private wanted(): PreparedClip {
    return this.library.get(clipNameOf(this.camera, this.role), flavourOf(this.camera.spec.vendor).aggregate);
  }

  private frameMs(shown: PreparedClip): number {
    return 1_000 / shown.clip.framesPerSecond;
  }

  private get phaseMs(): number {
    return this.camera.spec.loopPhaseMs ?? 0;
  }

  /** The last frame that is due. A clip with B-frames goes out later: a frame cannot be sent before it was seen. */
  private slotNow(shown: PreparedClip): number {
    const elapsedMs = this.timeline.nowMs() - this.phaseMs;
    return Math.floor((elapsedMs * shown.clip.framesPerSecond) / 1_000) - shown.clip.reorderFrames;
  }

  /** Instant that the frame shows (RFC 3550 §5.1: the sampling instant), not the one at which it is sent. */
  private ticksOf(shown: PreparedClip, slot: number): number {
    const position = mod(slot, shown.frames.length);
    const displaySlot = slot - position + shown.frames[position]!.displayIndex;
    return displaySlot * shown.frameTicks + Math.round(this.phaseMs * TICKS_PER_MS);
  }
}

function mod(value: number, by: number): number {
  return ((value % by) + by) % by;
}
