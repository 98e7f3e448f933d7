import type { Assembly, AssemblyMemory } from '#libs/codec';

/**
 * Where segments lie. A buffer per part would be right and slow: at 300 cameras the garbage collector is then told of 75
 * MB of new outside memory a second and runs all the time. So blocks are lent out and come back, and the receiver writes
 * straight into them: a picture is copied once between the socket and the reader.
 */

/** 128 KiB: half a second of 2 Mbit/s. Units that need more get a block of the next power of two. */
const BLOCK_BYTES = 128 * 1024;
/** Returned blocks of a size that are kept for the next taker, at least, in bytes; what is beyond goes to the garbage collector. */
const MIN_IDLE_BYTES = 32 * 1024 * 1024;
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

/** Blocks that were given back and those that are out, of one size. */
interface Shelf {
  readonly idle: Block[];
  lent: number;
}

/** Blocks for all streams of a process, each size on its own shelf: `blockBytes` and its doubles. */
export class BlockPool {
  private readonly shelves = new Map<number, Shelf>();

  constructor(
    readonly blockBytes = BLOCK_BYTES,
    private readonly minIdleBytes = MIN_IDLE_BYTES,
  ) {}

  /** Blocks that somebody holds. */
  get lent(): number {
    return [...this.shelves.values()].reduce((sum, shelf) => sum + shelf.lent, 0);
  }

  /** One that holds `bytes`. */
  take(bytes: number): Block {
    let size = this.blockBytes;
    while (size < bytes) size *= 2;
    const shelf = this.shelfOf(size);
    shelf.lent++;
    return shelf.idle.pop() ?? { bytes: Buffer.allocUnsafeSlow(size), users: 0 };
  }

  drop(block: Block): void {
    if (--block.users > 0) return;
    const shelf = this.shelfOf(block.bytes.length);
    shelf.lent--;
    const kept = Math.max(this.minIdleBytes / block.bytes.length, shelf.lent * IDLE_SHARE);
    if (shelf.idle.length < kept) shelf.idle.push(block);
  }

  private shelfOf(size: number): Shelf {
    const known = this.shelves.get(size);
    if (known) return known;
    const shelf: Shelf = { idle: [], lent: 0 };
    this.shelves.set(size, shelf);
    return shelf;
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

/** A run of bytes in a block. */
export interface MediaRange {
  readonly bytes: Buffer;
  readonly from: number;
  readonly to: number;
}

/** A block that holds bytes which were committed and not taken yet: `[from..to)`. */
interface Written {
  readonly block: Block;
  from: number;
  to: number;
}

/**
 * The blocks that one stream's receiver writes into, one behind the other: the next segment goes on where the last one
 * ended, so that nothing lies idle but the end of the newest block.
 *
 * ```
 * block: | taken by parts, held by their leases | committed, for the next part | unit being written | free |
 *                                               from                     assembly.unitStart
 * ```
 */
export class MediaMemory implements AssemblyMemory {
  /** Blocks that were left with bytes that no part has taken yet, oldest first. */
  private readonly left: Written[] = [];
  private current: Written | undefined;

  constructor(
    private readonly pool: BlockPool,
    private readonly assembly: Assembly,
  ) {
    assembly.writeInto(this);
  }

  next(bytes: number, committedTo: number): Buffer {
    const before = this.current;
    const block = this.pool.take(bytes);
    block.users++;
    this.current = { block, from: 0, to: 0 };
    if (before) this.leave(before, committedTo);
    return block.bytes;
  }

  /** The next `bytes` that were committed, in order, for a part: they stay where they are until `lease` was let go. */
  take(bytes: number, lease: Lease): readonly MediaRange[] {
    return this.advance(bytes, (block) => lease.use(block));
  }

  /** The next `bytes` that were committed are not wanted. */
  skip(bytes: number): void {
    this.advance(bytes, () => {});
  }

  /** What was committed and not taken, copied out. */
  untaken(): Buffer {
    const ranges = [...this.left, ...this.currentRange()];
    return Buffer.concat(ranges.map(({ block, from, to }) => block.bytes.subarray(from, to)));
  }

  /** Gives everything back. The assembly writes into nothing of it any more. */
  release(): void {
    this.assembly.writeInto(this);
    for (const { block } of [...this.left, ...this.currentRange()]) this.pool.drop(block);
    this.left.length = 0;
    this.current = undefined;
  }

  private currentRange(): Written[] {
    if (!this.current) return [];
    return [{ block: this.current.block, from: this.current.from, to: this.assembly.unitStart }];
  }

  private leave(written: Written, committedTo: number): void {
    written.to = committedTo;
    if (written.from < written.to) this.left.push(written);
    else this.pool.drop(written.block);
  }

  private advance(bytes: number, use: (block: Block) => void): MediaRange[] {
    const ranges: MediaRange[] = [];
    for (let missing = bytes; missing > 0;) {
      const written = this.left[0] ?? this.current!;
      const to = written === this.current ? this.assembly.unitStart : written.to;
      const from = written.from;
      if (from >= to) throw new RangeError(`${missing} bytes more are taken than were committed`);
      written.from = Math.min(to, from + missing);
      missing -= written.from - from;
      use(written.block);
      ranges.push({ bytes: written.block.bytes, from, to: written.from });
      if (written !== this.current && written.from === to) this.pool.drop(this.left.shift()!.block);
    }
    return ranges;
  }
}
