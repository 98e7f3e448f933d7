import { randomInt } from 'node:crypto';
import { damageRun } from './damage.ts';
import type { Link } from './link.ts';
import { FRAMING_BYTES, RTP_HEADER_BYTES, stampRun, type PreparedFrame } from './prepare.ts';
import { goodbye, senderReport } from './rtcp.ts';
import type { SlabPool } from './slab.ts';
import type { Transport } from './transport.ts';

/** A reader with more than this unread is dropped to the next key frame: about two seconds of a main stream. */
export const MAX_BACKLOG_BYTES = 512 * 1024;
const TWO_POW_32 = 0x1_0000_0000;

export interface ReaderCounts {
  /** Frames sent, whole. */
  readonly frames: number;
  readonly packets: number;
  readonly bytes: number;
  /** Frames not sent because the reader or the link was too slow. */
  readonly droppedFrames: number;
}

/** One client's copy of a stream: its own SSRC, sequence and timestamp offset (RFC 3550 §5.1), and its backlog. */
export class Reader {
  readonly ssrc = randomInt(1, TWO_POW_32);
  nextReportAtMs = 0;
  private sequence = randomInt(0x1_0000);
  private readonly timestampOffset = randomInt(TWO_POW_32);
  private waitsForKey = true;
  private frames = 0;
  private packets = 0;
  private bytes = 0;
  private droppedFrames = 0;

  constructor(
    readonly transport: Transport,
    private readonly link: Link,
    private readonly slabs: SlabPool,
    private readonly random: () => number = Math.random,
  ) {}

  get counts(): ReaderCounts {
    return { frames: this.frames, packets: this.packets, bytes: this.bytes, droppedFrames: this.droppedFrames };
  }

  get nextSequence(): number {
    return this.sequence;
  }

  /** This reader's RTP timestamp of an instant, given in 90 kHz ticks since 1970. */
  timestampOf(ticks: number): number {
    return (this.timestampOffset + ticks) % TWO_POW_32;
  }

  waitForKey(): void {
    this.waitsForKey = true;
  }

  /** Sends the frame, or drops it and all that follow until a key frame finds room. */
  offer(frame: PreparedFrame, ticks: number, corruptShare: number): void {
    if (this.waitsForKey && !frame.isKey) return;
    if (!this.hasRoom()) return this.drop();
    const isFree = this.link.isFree;
    const room = isFree ? this.slabs.take(frame.run.length) : ownRoom(frame.run.length);
    frame.run.copy(room.bytes);
    const timestamp = this.timestampOf(ticks);
    stampRun(room.bytes, 0, frame, {
      channel: this.transport.channel,
      sequence: this.sequence,
      timestamp,
      ssrc: this.ssrc,
    });
    if (corruptShare > 0) damageRun(room.bytes, frame, corruptShare, this.random);
    if (isFree) this.transport.send(room.bytes, room.done);
    else if (!this.link.send(this.transport, room.bytes)) return this.drop();
    this.count(frame);
  }

  report(ticks: number, senderNowMs: number, cname: string): void {
    const { ssrc, packets, bytes } = this;
    this.transport.sendControl(
      senderReport({ ssrc, senderNowMs, timestamp: this.timestampOf(ticks), packets, bytes, cname }),
    );
  }

  sayGoodbye(): void {
    this.transport.sendControl(goodbye(this.ssrc));
  }

  /** One that waits must find half of the room free, or it would be dropped again at once. */
  private hasRoom(): boolean {
    const limit = this.waitsForKey ? MAX_BACKLOG_BYTES / 2 : MAX_BACKLOG_BYTES;
    return this.transport.backlogBytes() <= limit;
  }

  private drop(): void {
    this.waitsForKey = true;
    this.droppedFrames++;
  }

  private count(frame: PreparedFrame): void {
    const sent = frame.packetAt.length;
    this.waitsForKey = false;
    this.frames++;
    this.sequence = (this.sequence + sent) & 0xffff;
    this.packets += sent;
    this.bytes += frame.run.length - sent * (FRAMING_BYTES + RTP_HEADER_BYTES);
  }
}

function ownRoom(byteCount: number): { bytes: Buffer; done: () => void } {
  return { bytes: Buffer.allocUnsafeSlow(byteCount), done: () => {} };
}
