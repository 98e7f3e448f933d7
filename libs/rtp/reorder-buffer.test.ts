import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MAX_HELD_BYTES, MAX_HELD_PACKETS, MAX_HOLD_MS, ReorderBuffer } from './reorder-buffer.ts';

function datagram(sequence: number, ssrc = 7, bytes = 20): Buffer {
  const packet = Buffer.alloc(bytes);
  packet[0] = 0x80;
  packet.writeUInt16BE(sequence & 0xffff, 2);
  packet.writeUInt32BE(ssrc, 8);
  return packet;
}

function buffer() {
  const seen = { ordered: [] as number[], leftOver: [] as number[], arrivals: [] as number[] };
  const subject = new ReorderBuffer({
    onPacket: (packet, arrivedMs) => {
      seen.ordered.push(packet.readUInt16BE(2));
      seen.arrivals.push(arrivedMs);
    },
    onLeftOver: (packet) => seen.leftOver.push(packet.length < 12 ? -1 : packet.readUInt16BE(2)),
  });
  return { ...seen, subject, push: (sequence: number, nowMs = 0) => subject.push(datagram(sequence), nowMs) };
}

/** How far each number stands from its own place at most. */
function shuffledWithin(reach: number): fc.Arbitrary<number[]> {
  return fc.array(fc.integer({ min: 0, max: reach - 1 }), { minLength: 1, maxLength: 300 }).map((delays) =>
    delays
      .map((delay, index) => ({ index, at: index + delay }))
      .sort((a, b) => a.at - b.at || a.index - b.index)
      .map(({ index }) => index),
  );
}

describe('ReorderBuffer', () => {
  it('passes on at once what is in order, and across the wrap', () => {
    const { push, ordered } = buffer();
    for (const sequence of [65_534, 65_535, 0, 1]) push(sequence);
    expect(ordered).toEqual([65_534, 65_535, 0, 1]);
  });

  it('holds what is early until what is missing came, with the time at which each came', () => {
    const { push, ordered, arrivals, subject } = buffer();
    push(5, 0);
    push(7, 1);
    push(8, 2);
    expect([ordered, subject.heldPackets]).toEqual([[5], 2]);
    push(6, 3);
    expect([ordered, arrivals, subject.heldPackets]).toEqual([[5, 6, 7, 8], [0, 3, 1, 2], 0]);
  });

  it('gives a hole up after its time, and counts what comes later as left over', () => {
    const { push, ordered, leftOver, subject } = buffer();
    push(5, 0);
    push(7, 10);
    subject.tick(10 + MAX_HOLD_MS - 1);
    expect(ordered).toEqual([5]);
    subject.tick(10 + MAX_HOLD_MS);
    expect(ordered).toEqual([5, 7]);
    push(6, 200);
    push(8, 200);
    expect([ordered, leftOver]).toEqual([[5, 7, 8], [6]]);
  });

  it('gives each hole its own time', () => {
    const { push, ordered, subject } = buffer();
    push(1, 0);
    push(3, 0);
    push(5, 50);
    subject.tick(MAX_HOLD_MS);
    expect(ordered).toEqual([1, 3]);
    push(4, MAX_HOLD_MS + 10);
    expect(ordered).toEqual([1, 3, 4, 5]);
  });

  it('gives a hole up when a packet comes that has no room', () => {
    const { push, ordered } = buffer();
    push(0);
    push(2);
    push(1 + MAX_HELD_PACKETS);
    expect(ordered).toEqual([0, 2]);
    push(3);
    expect(ordered).toEqual([0, 2, 3]);
  });

  it('follows a jump forward at once and one backward at the second packet', () => {
    const { push, ordered, leftOver } = buffer();
    for (const sequence of [100, 5_000, 5_001, 40, 41, 42]) push(sequence);
    expect([ordered, leftOver]).toEqual([[100, 5_000, 5_001, 41, 42], [40]]);
  });

  it('begins anew with another source', () => {
    const { subject, ordered } = buffer();
    subject.push(datagram(10, 1), 0);
    subject.push(datagram(12, 1), 0);
    subject.push(datagram(900, 2), 0);
    expect(ordered).toEqual([10, 12, 900]);
  });

  it('leaves over what is too short to have a number', () => {
    const { subject, leftOver } = buffer();
    subject.push(Buffer.alloc(11), 0);
    expect(leftOver).toEqual([-1]);
  });

  it('holds no more bytes than its cap', () => {
    const { subject, ordered } = buffer();
    subject.push(datagram(0), 0);
    for (let sequence = 2; sequence < 12; sequence++) subject.push(datagram(sequence, 7, 65_000), 0);
    expect(subject.heldPackets * 65_000).toBeLessThanOrEqual(MAX_HELD_BYTES);
    expect(ordered).toEqual([0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });

  it('undoes any permutation within its window, wherever the count stands', () => {
    fc.assert(
      fc.property(shuffledWithin(MAX_HELD_PACKETS / 2), fc.integer({ min: 0, max: 65_535 }), (order, base) => {
        const { push, ordered, leftOver } = buffer();
        push(base);
        for (const index of order) push(base + 1 + index);
        expect(ordered).toEqual(Array.from({ length: order.length + 1 }, (_, index) => (base + index) & 0xffff));
        expect(leftOver).toEqual([]);
      }),
    );
  });

  it('keeps order, hands nothing on twice and forgets nothing, whatever is lost, repeated and delayed', () => {
    const packets = fc.record({
      order: shuffledWithin(90),
      lost: fc.array(fc.integer({ min: 0, max: 299 }), { maxLength: 60 }),
      /** From the end: older ones, one behind the other, would mean a source that began again. */
      twiceFromEnd: fc.array(fc.integer({ min: 1, max: 90 }), { maxLength: 20 }),
      gapsMs: fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 300, maxLength: 300 }),
      base: fc.integer({ min: 0, max: 65_535 }),
    });
    fc.assert(
      fc.property(packets, ({ order, lost, twiceFromEnd, gapsMs, base }) => {
        const { subject, ordered, leftOver } = buffer();
        const twice = twiceFromEnd.map((back) => order.length - back).filter((index) => index >= 0);
        const come = [...order.filter((index) => !lost.includes(index)), ...twice];
        subject.push(datagram(base), 0);
        let nowMs = 0;
        for (const [at, index] of come.entries()) {
          nowMs += gapsMs[at % gapsMs.length]!;
          subject.push(datagram(base + 1 + index), nowMs);
          expect(subject.heldPackets).toBeLessThan(MAX_HELD_PACKETS);
        }
        subject.flush();
        const places = ordered.map((sequence) => (sequence - base) & 0xffff);
        expect(places).toEqual([...new Set(places)].sort((a, b) => a - b));
        expect(ordered.length + leftOver.length).toBe(come.length + 1);
      }),
    );
  });
});
