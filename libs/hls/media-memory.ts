/**
 * Where segments lie. A buffer per part would be right and slow: at 300 cameras the garbage collector is then told of 75
 * MB of new outside memory a second and runs all the time. So blocks are lent out and come back.
 */

/** 128 KiB: half a second of 2 Mbit/s. */
const BLOCK_BYTES = 128 * 1024;
/** Returned blocks that are kept for the next taker, at least; what is beyond goes to the garbage collector. */
const MIN_IDLE_BLOCKS = 256;
/**
 * Or this share of those that are lent. Cameras that were connected together give their old segments back together, and
 * fill new ones until they do so again.
 */
const IDLE_SHARE = 1 / 4;

interface Block {
  readonly bytes: Buffer;
  /** Leases that lie in it, and the memory that writes it. 0: nobody reads it, it may be written anew. */
  users: number;
}

/** Blocks of one size for all streams of a process. */
export class BlockPool {
  private readonly idle: Block[] = [];
  private lentBlocks = 0;

  constructor(
    readonly blockBytes = BLOCK_BYTES,
    private readonly minIdle = MIN_IDLE_BLOCKS,
  ) {}

  /** Blocks that somebody holds. */
  get lent(): number {
    return this.lentBlocks;
  }

  take(): Block {
    this.lentBlocks++;
    return this.idle.pop() ?? { bytes: Buffer.allocUnsafeSlow(this.blockBytes), users: 0 };
  }

  drop(block: Block): void {
    if (--block.users > 0) return;
    this.lentBlocks--;
    if (this.idle.length < Math.max(this.minIdle, this.lentBlocks * IDLE_SHARE)) this.idle.push(block);
  }
}

/**
 * The bytes of one segment, as long as anybody reads them: its window, and every reader that is sending them. Who wants
 * to read later than now holds, and lets go exactly once.
 */
export class Lease {
  private readonly blocks: Block[] = [];
  private holders = 1;

  constructor(private readonly pool: BlockPool) {}

  hold(): void {
    if (this.holders === 0) throw new Error('the bytes were given back already');
    this.holders++;
  }

  letGo(): void {
    if (this.holders === 0) throw new Error('let go more often than held');
    if (--this.holders > 0) return;
    for (const block of this.blocks) this.pool.drop(block);
    this.blocks.length = 0;
  }

  /** @internal For {@link MediaMemory}. */
  use(block: Block): void {
    if (this.blocks.at(-1) === block) return;
    block.users++;
    this.blocks.push(block);
  }
}

/**
 * Writes one stream's media one after another into blocks: the next segment goes on where the last one ended, so that
 * nothing lies idle but the end of the newest block.
 */
export class MediaMemory {
  private block: Block | undefined;
  private at = 0;
  private chunkStart = 0;
  private chunks: Buffer[] = [];
  private lease: Lease | undefined;

  constructor(private readonly pool: BlockPool) {}

  /** Everything up to {@link end} belongs to `lease`. */
  begin(lease: Lease): void {
    this.lease = lease;
    this.chunks = [];
    this.chunkStart = this.at;
  }

  /** Room for `bytes` (no more than a block) in one piece, to be filled by `write`, which returns the position behind. */
  place(bytes: number, write: (into: Buffer, at: number) => number): void {
    const block = this.room(bytes);
    this.at = write(block.bytes, this.at);
  }

  append(source: Buffer, from: number, to: number): void {
    for (let next = from; next < to;) {
      const block = this.room(1);
      const copied = source.copy(block.bytes, this.at, next, to);
      this.at += copied;
      next += copied;
    }
  }

  /** What was written since {@link begin}, in order. */
  end(): readonly Buffer[] {
    this.closeChunk();
    const { chunks } = this;
    this.chunks = [];
    this.lease = undefined;
    return chunks;
  }

  /** Gives the block back that is being written. */
  release(): void {
    if (this.block) this.pool.drop(this.block);
    this.block = undefined;
    this.at = 0;
  }

  private room(bytes: number): Block {
    if (!this.lease) throw new Error('nothing was begun');
    if (bytes > this.pool.blockBytes)
      throw new RangeError(`${bytes} bytes in one piece, a block has ${this.pool.blockBytes}`);
    if (!this.block || this.at + bytes > this.pool.blockBytes) this.nextBlock();
    this.lease.use(this.block!);
    return this.block!;
  }

  private nextBlock(): void {
    this.closeChunk();
    this.release();
    this.block = this.pool.take();
    this.block.users++;
    this.chunkStart = 0;
  }

  private closeChunk(): void {
    if (this.block && this.at > this.chunkStart) this.chunks.push(this.block.bytes.subarray(this.chunkStart, this.at));
    this.chunkStart = this.at;
  }
}
