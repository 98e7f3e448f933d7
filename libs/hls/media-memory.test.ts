import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BlockPool, Lease, MediaMemory } from './media-memory.ts';

function written(memory: MediaMemory, lease: Lease, text: string): string {
  memory.begin(lease);
  memory.place(2, (into, at) => at + into.write('<>', at, 'latin1'));
  memory.append(Buffer.from(text, 'latin1'), 0, text.length);
  return Buffer.concat(memory.end()).toString('latin1');
}

describe('MediaMemory', () => {
  it('writes one thing behind the other, over the ends of blocks', () => {
    const pool = new BlockPool(8);
    const memory = new MediaMemory(pool);
    const lease = new Lease(pool);
    expect(written(memory, lease, 'abc')).toBe('<>abc');
    expect(written(memory, lease, 'defghijklmno')).toBe('<>defghijklmno');
    expect(pool.lent).toBe(3);
  });

  it('keeps a head in one piece', () => {
    const pool = new BlockPool(8);
    const memory = new MediaMemory(pool);
    memory.begin(new Lease(pool));
    memory.append(Buffer.alloc(7), 0, 7);
    memory.place(4, (_, at) => at + 4);
    expect(memory.end().map((chunk) => chunk.length)).toEqual([7, 4]);
    expect(() => written(memory, new Lease(pool), '')).not.toThrow();
  });

  it('lends a block again only when every segment in it was let go', () => {
    const pool = new BlockPool(16);
    const memory = new MediaMemory(pool);
    const [first, second] = [new Lease(pool), new Lease(pool)];
    written(memory, first, 'aaaa');
    written(memory, second, 'bbbb');
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
    const step = fc.record({ text: fc.string({ maxLength: 40 }), reads: fc.boolean(), forget: fc.nat(3) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const pool = new BlockPool(16, 2);
        const memory = new MediaMemory(pool);
        const held: { lease: Lease; chunks: readonly Buffer[]; expected: string }[] = [];
        for (const { text, reads, forget } of steps) {
          const lease = new Lease(pool);
          const expected = Buffer.from(text, 'latin1');
          memory.begin(lease);
          memory.append(expected, 0, expected.length);
          const chunks = memory.end();
          if (reads) held.push({ lease, chunks, expected: expected.toString('latin1') });
          else lease.letGo();
          for (const each of held) expect(Buffer.concat(each.chunks).toString('latin1')).toBe(each.expected);
          for (const each of held.splice(0, forget)) each.lease.letGo();
        }
        for (const each of held) each.lease.letGo();
        memory.release();
        expect(pool.lent).toBe(0);
      }),
    );
  });
});
