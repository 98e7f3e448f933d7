import { FRAMING_BYTES } from './prepare.ts';
import type { Transport } from './transport.ts';

/** What a slow link holds back at most: less than a second of a main stream. More is lost, as in a camera's own buffer. */
export const LINK_QUEUE_BYTES = 128 * 1024;
/** The link may run ahead of its rate by this share of a second, but by one packet at least. */
const BURST_S = 0.05;
const BURST_MIN_BYTES = 1_500;

interface Waiting {
  readonly transport: Transport;
  readonly run: Buffer;
  at: number;
}

/**
 * The cable of one camera, shared by all its readers. Unlimited it passes runs on at once; limited it lets whole packets
 * through at `limitBytesPerSecond` and holds the rest in a bounded queue.
 */
export class Link {
  private waiting: Waiting[] = [];
  private queuedBytes = 0;
  private tokens = 0;
  private refilledAtMs: number | undefined;

  constructor(private readonly limitBytesPerSecond: () => number) {}

  /** Nothing is held back and nothing will be: runs need not come through here. */
  get isFree(): boolean {
    return this.waiting.length === 0 && this.limitBytesPerSecond() === 0;
  }

  /** `false` when the queue is full and the run was not taken. The run must not change afterwards. */
  send(transport: Transport, run: Buffer): boolean {
    if (this.queuedBytes + run.length > LINK_QUEUE_BYTES) return false;
    this.waiting.push({ transport, run, at: 0 });
    this.queuedBytes += run.length;
    return true;
  }

  /** Lets through what the time since the last call allows. */
  drain(nowMs: number): void {
    this.refill(nowMs);
    while (this.waiting.length > 0 && this.tokens > 0) {
      const head = this.waiting[0]!;
      this.passPackets(head);
      if (head.at < head.run.length) return;
      this.waiting.shift();
    }
  }

  clear(): void {
    this.waiting = [];
    this.queuedBytes = 0;
  }

  private refill(nowMs: number): void {
    const limit = this.limitBytesPerSecond();
    const elapsedS = (nowMs - (this.refilledAtMs ?? nowMs)) / 1_000;
    this.refilledAtMs = nowMs;
    const burst = Math.max(limit * BURST_S, BURST_MIN_BYTES);
    this.tokens = limit === 0 ? Infinity : Math.min(burst, finite(this.tokens) + limit * elapsedS);
  }

  private passPackets(head: Waiting): void {
    const from = head.at;
    while (head.at < head.run.length && this.tokens > 0) {
      const bytes = FRAMING_BYTES + head.run.readUInt16BE(head.at + 2);
      head.at += bytes;
      this.tokens -= bytes;
    }
    this.queuedBytes -= head.at - from;
    if (head.transport.isOpen) head.transport.send(head.run.subarray(from, head.at), () => {});
  }
}

function finite(tokens: number): number {
  return Number.isFinite(tokens) ? tokens : 0;
}
