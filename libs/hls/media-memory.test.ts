import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Assembly } from '#libs/codec';
import { BlockPool, Lease, MediaMemory, type MediaRange } from './media-memory.ts';

/** A receiver and the memory that it writes into. */
class Writer {
  readonly assembly = new Assembly(8, 1_000);
  readonly memory: MediaMemory;

  constructor(readonly pool: BlockPool) {
    this.memory = new MediaMemory(pool, this.assembly);
  }

  unit(text: string): void {
    for (const char of text) this.assembly.append(Buffer.from(char, 'latin1'), 0, 1);
    this.assembly.commitUnit();
  }

  take(bytes: number, lease = new Lease(this.pool)): string {
    return textOf(this.memory.take(bytes, lease));
  }
}

function textOf(ranges: readonly MediaRange[]): string {
  return ranges.map(({ bytes, from, to }) => bytes.toString('latin1', from, to)).join('');
}

describe('MediaMemory', () => {
  it('hands units on where they were written, over the ends of blocks', () => {
    const writer = new Writer(new BlockPool(8));
    for (const text of ['abc', 'defg', 'hijkl', 'm']) writer.unit(text);
    const lease = new Lease(writer.pool);
    expect(writer.take(3, lease)).toBe('abc');
    expect(writer.take(9, lease)).toBe('defghijkl');
    expect(writer.memory.untaken().toString('latin1')).toBe('m');
    expect(() => writer.take(2)).toThrow('than were committed');
  });

  it('keeps a unit in one piece, in a larger block when it must be', () => {
    const writer = new Writer(new BlockPool(8));
    writer.unit('abcde');
    writer.unit('0123456789abcdefg');
    expect(writer.assembly.buffer.length).toBe(32);
    expect(writer.assembly.buffer.toString('latin1', 0, 17)).toBe('0123456789abcdefg');
    expect(writer.take(22)).toBe('abcde0123456789abcdefg');
  });

  it('forgets what is skipped and the unit that is dropped', () => {
    const writer = new Writer(new BlockPool(8));
    writer.unit('abc');
    writer.assembly.append(Buffer.from('xyz'), 0, 3);
    writer.assembly.dropUnit();
    writer.memory.skip(3);
    writer.unit('de');
    expect(writer.take(2)).toBe('de');
  });

  it('lends a block again only when every segment in it was let go', () => {
    const writer = new Writer(new BlockPool(16));
    const { pool, memory } = writer;
    const [first, second] = [new Lease(pool), new Lease(pool)];
    writer.unit('aaaabbbb');
    memory.take(4, first);
    memory.take(4, second);
    memory.release();
    first.letGo();
    expect(pool.lent).toBe(1);
    second.hold();
    second.letGo();
    expect(pool.lent).toBe(1);
    second.letGo();
    expect(pool.lent).toBe(0);
    expect(() => second.letGo()).toThrow('more often');
    expect(() => second.hold()).toThrow('already');
  });

  it('never lets a writer into bytes that somebody holds, and loses no block', () => {
    const step = fc.record({
      text: fc.string({ maxLength: 40 }),
      isDropped: fc.boolean(),
      takes: fc.boolean(),
      reads: fc.boolean(),
      forget: fc.nat(3),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const writer = new Writer(new BlockPool(16, 32));
        const held: { lease: Lease; ranges: readonly MediaRange[]; expected: string }[] = [];
        let waiting = '';
        for (const { text, isDropped, takes, reads, forget } of steps) {
          if (isDropped) writer.assembly.append(Buffer.from(text, 'latin1'), 0, text.length);
          if (isDropped) writer.assembly.dropUnit();
          writer.unit(text);
          waiting += text;
          if (takes) {
            const lease = new Lease(writer.pool);
            const ranges = writer.memory.take(waiting.length, lease);
            if (reads) held.push({ lease, ranges, expected: waiting });
            else lease.letGo();
            waiting = '';
          }
          expect(writer.memory.untaken().toString('latin1')).toBe(waiting);
          for (const each of held) expect(textOf(each.ranges)).toBe(each.expected);
          for (const each of held.splice(0, forget)) each.lease.letGo();
        }
        for (const each of held) each.lease.letGo();
        writer.memory.release();
        expect(writer.pool.lent).toBe(0);
      }),
    );
  });
});
