import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AacDepacketizer } from './aac-depacketizer.ts';
import { AudioReceiver } from './audio-receiver.ts';
import { parseAudioConfig } from '#libs/codec';

/** AU-headers-length, headers of 13 and 3 bits, units (RFC 3640 §3.2.1). */
function payload(units: readonly Buffer[], sizes = units.map((unit) => unit.length), index = 0): Buffer {
  const head = Buffer.alloc(2 + sizes.length * 2);
  head.writeUInt16BE(sizes.length * 16);
  sizes.forEach((size, at) => head.writeUInt16BE((size << 3) | index, 2 + at * 2));
  return Buffer.concat([head, ...units]);
}

function depacketizer() {
  const units: string[] = [];
  const subject = new AacDepacketizer({
    onUnit: (buffer, from, to, place) => units.push(`${place}:${buffer.toString('hex', from, to)}`),
  });
  const push = (bytes: Buffer, marker = true): boolean => subject.payload(bytes, 0, bytes.length, marker);
  return { subject, units, push };
}

const unit = (hex: string): Buffer => Buffer.from(hex, 'hex');

describe('AAC out of RTP', () => {
  it('takes one unit, and several in one packet', () => {
    const { units, push } = depacketizer();
    expect([push(payload([unit('aabb')])), push(payload([unit('01'), unit('0203'), unit('04')]))]).toEqual([
      true,
      true,
    ]);
    expect(units).toEqual(['0:aabb', '0:01', '1:0203', '2:04']);
  });

  it('joins the fragments of a unit that is larger than a packet', () => {
    const { units, push } = depacketizer();
    expect(push(payload([unit('aabb')], [5]), false)).toBe(true);
    expect(push(payload([unit('ccdd')], [5]), false)).toBe(true);
    expect(push(payload([unit('ee')], [5]))).toBe(true);
    expect(units).toEqual(['0:aabbccddee']);
  });

  it('forgets what was begun when packets are lost or another unit comes', () => {
    const { subject, units, push } = depacketizer();
    push(payload([unit('aabb')], [4]), false);
    subject.loss();
    push(payload([unit('0102')], [4]), false);
    push(payload([unit('99')]));
    push(payload([unit('0304')], [4]), false);
    push(payload([unit('0506')], [4]));
    expect(units).toEqual(['0:99', '0:03040506']);
  });

  it.each([
    ['nothing', unit('')],
    ['no header', unit('00000102')],
    ['a header of another size', unit('000c1230aa')],
    ['headers past the end', unit('00400010')],
    ['interleaving', payload([unit('aa')], [1], 1)],
    ['a size of 0', payload([unit('aa'), unit('')], [1, 0])],
    ['units past the end', payload([unit('aa'), unit('bb')], [1, 9])],
    ['a last fragment that is too short', payload([unit('aabb')], [9])],
  ])('refuses %s', (_, bytes) => {
    const { units, push } = depacketizer();
    expect([push(bytes), units]).toEqual([false, []]);
  });

  it('gives back any units, however they are spread over packets', () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 40 }).map((array) => Buffer.from(array));
    fc.assert(
      fc.property(fc.array(bytes, { minLength: 1, maxLength: 12 }), fc.integer({ min: 1, max: 40 }), (all, cut) => {
        const { units, push } = depacketizer();
        for (const whole of all) {
          for (let at = 0; at < whole.length; at += cut) {
            const part = whole.subarray(at, at + cut);
            expect(push(payload([part], [whole.length]), at + cut >= whole.length)).toBe(true);
          }
        }
        expect(units).toEqual(all.map((whole) => `0:${whole.toString('hex')}`));
      }),
    );
  });
});

describe('AudioReceiver', () => {
  it('tells when each unit is heard, on the line of 90 kHz, and counts what is lost', () => {
    const seen: number[] = [];
    const receiver = new AudioReceiver({
      format: parseAudioConfig(unit('1408'))!,
      payloadType: 97,
      clockRate: 16_000,
      reporterSsrc: 9,
      onUnit: (_buffer, _from, _to, pts90k) => seen.push(pts90k),
    });
    const send = (sequence: number, timestamp: number, payloadType = 97): void => {
      const packet = Buffer.concat([Buffer.alloc(12), payload([unit('aa'), unit('bb')])]);
      packet[0] = 0x80;
      packet[1] = payloadType;
      packet.writeUInt16BE(sequence, 2);
      packet.writeUInt32BE(timestamp, 4);
      receiver.receiveRtp(packet, 0, packet.length, timestamp / 16);
    };
    send(1, 0);
    send(2, 2_048);
    send(4, 6_144);
    send(4, 6_144);
    send(5, 8_192, 96);
    const first = seen[0]!;
    expect(seen.map((pts) => pts - first)).toEqual([0, 5_760, 11_520, 17_280, 34_560, 40_320]);
    expect(receiver.stats).toEqual({ packets: 4, units: 6, malformedPackets: 1, lostPackets: 1 });
    expect(receiver.receiverReport(0)[1]).toBe(201);
  });
});
