const SLAB_BYTES = 256 * 1024;
/** Slabs kept for reuse; more than this were only needed for a moment and are left to the collector. */
const MAX_FREE_SLABS = 64;

/** Room for one run of packets. `done` must be called once when its bytes are written or given up. */
export interface SlabRoom {
  readonly bytes: Buffer;
  readonly done: () => void;
}

/**
 * Memory for runs on their way to sockets. Runs lie one behind the other in slabs; a slab is used again when all its runs
 * are written. Without it 300 cameras would allocate 75 MB a second.
 */
export class SlabPool {
  private readonly free: Slab[] = [];
  private current = new Slab(SLAB_BYTES);

  take(byteCount: number): SlabRoom {
    if (byteCount > SLAB_BYTES) return { bytes: Buffer.allocUnsafeSlow(byteCount), done: () => {} };
    if (this.current.used + byteCount > SLAB_BYTES) this.turnOver();
    return this.current.take(byteCount);
  }

  private turnOver(): void {
    const full = this.current;
    this.current = this.free.pop() ?? new Slab(SLAB_BYTES);
    full.whenIdle(() => {
      if (this.free.length < MAX_FREE_SLABS) this.free.push(full);
    });
  }
}

class Slab {
  used = 0;
  private readonly buffer: Buffer;
  private pending = 0;
  private onIdle: (() => void) | undefined;
  private readonly done = (): void => {
    this.pending--;
    this.settle();
  };

  constructor(byteCount: number) {
    this.buffer = Buffer.allocUnsafeSlow(byteCount);
  }

  take(byteCount: number): SlabRoom {
    const bytes = this.buffer.subarray(this.used, this.used + byteCount);
    this.used += byteCount;
    this.pending++;
    return { bytes, done: this.done };
  }

  whenIdle(task: () => void): void {
    this.onIdle = task;
    this.settle();
  }

  private settle(): void {
    if (this.pending > 0 || !this.onIdle) return;
    const task = this.onIdle;
    this.onIdle = undefined;
    this.used = 0;
    task();
  }
}
