import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Deframer } from './deframer.ts';
import { MAX_BODY_BYTES, MAX_GARBAGE_BYTES, MAX_HEAD_BYTES } from './limits.ts';

const RTP = Buffer.concat([Buffer.from('8060000100000001', 'hex'), Buffer.alloc(40, 7)]);
const RESPONSE = Buffer.from('RTSP/1.0 200 OK\r\nCSeq: 7\r\nContent-Length: 5\r\n\r\nhello');

function packet(channel: number, payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x24, channel, payload.length >> 8, payload.length & 0xff]), payload]);
}

/** All that comes out when `reads` go one after the other through one shared buffer. */
function deframed(reads: readonly Buffer[]): { out: string[]; fault: string | undefined; deframer: Deframer } {
  const out: string[] = [];
  const deframer = new Deframer({
    onPacket: (buffer, from, to, channel) => out.push(`${channel}:${buffer.toString('hex', from, to)}`),
    onMessage: (message) =>
      out.push(message.kind === 'response' ? `${message.status}:${message.body}` : message.method),
    isChannel: (channel) => channel < 2,
  });
  const shared = Buffer.alloc(Math.max(1, ...reads.map((read) => read.length)));
  let fault: string | undefined;
  for (const read of reads) {
    read.copy(shared);
    fault ??= deframer.push(shared, read.length);
    shared.fill(0xee);
  }
  return { out, fault, deframer };
}

/** `stream` cut at the given places, which wrap around. */
function cut(stream: Buffer, places: readonly number[]): Buffer[] {
  const at = [...new Set(places.map((place) => place % (stream.length + 1)))].sort((a, b) => a - b);
  return [0, ...at].map((from, index) => stream.subarray(from, at[index] ?? stream.length));
}

const STREAM = Buffer.concat([
  RESPONSE,
  packet(0, RTP),
  packet(1, Buffer.alloc(0)),
  Buffer.from('\r\n'),
  packet(0, RTP),
  Buffer.from('OPTIONS rtsp://relay/ RTSP/1.0\r\nCSeq: 1\r\n\r\n'),
  RESPONSE,
  packet(9, Buffer.alloc(3_000, 1)),
]);
const EXPECTED = [
  '200:hello',
  `0:${RTP.toString('hex')}`,
  '1:',
  `0:${RTP.toString('hex')}`,
  'OPTIONS',
  '200:hello',
  `9:${'01'.repeat(3_000)}`,
];

describe('Deframer', () => {
  it('gives the same whichever way the network cuts the stream', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 12 }), (places) => {
        expect(deframed(cut(STREAM, places))).toMatchObject({ out: EXPECTED, fault: undefined });
      }),
      { numRuns: 1_000 },
    );
  });

  it('gives the same byte by byte', () => {
    expect(deframed([...STREAM].map((byte) => Buffer.from([byte]))).out).toEqual(EXPECTED);
  });

  it('hands whole packets on where they lie', () => {
    const shared = Buffer.concat([packet(0, RTP), packet(0, RTP)]);
    const places: unknown[] = [];
    const deframer = new Deframer({
      onPacket: (buffer, from, to) => places.push([buffer === shared, from, to]),
      onMessage: () => {},
      isChannel: () => true,
    });
    deframer.push(shared, shared.length);
    expect(places).toEqual([
      [true, 4, 52],
      [true, 56, 104],
    ]);
  });

  it('accepts bare line feeds and folded fields', () => {
    expect(deframed([Buffer.from('RTSP/1.0 200 OK\nContent-Length:\n  2\n\nhi')]).out).toEqual(['200:hi']);
  });

  it('finds the stream again behind garbage', () => {
    const garbage = Buffer.concat([Buffer.alloc(300, 0x11), Buffer.from('$$R$'), Buffer.from([0x24, 0, 0, 9, 0x11])]);
    const { out, fault } = deframed([Buffer.concat([packet(0, RTP), garbage, packet(0, RTP), RESPONSE])]);
    expect(out).toEqual([`0:${RTP.toString('hex')}`, `0:${RTP.toString('hex')}`, '200:hello']);
    expect(fault).toBeUndefined();
  });

  it('finds the stream again behind a line that only looked like a message', () => {
    expect(deframed([Buffer.from('HELLO there\r\n'), packet(1, RTP)]).out).toEqual([`1:${RTP.toString('hex')}`]);
  });

  it.each([
    ['garbage without end', Buffer.alloc(MAX_GARBAGE_BYTES + 1, 1)],
    ['empty lines without end', Buffer.alloc(MAX_GARBAGE_BYTES + 1, '\r\n')],
    ['a line without end', Buffer.from(`RTSP/1.0 200 ${'a'.repeat(MAX_HEAD_BYTES)}`)],
    ['a head without end', Buffer.from(`RTSP/1.0 200 OK\r\n${'a: b\r\n'.repeat(MAX_HEAD_BYTES / 6)}`)],
    ['too many fields', Buffer.from(`RTSP/1.0 200 OK\r\n${'a: b\r\n'.repeat(65)}\r\n`)],
    ['a body past the cap', Buffer.from(`RTSP/1.0 200 OK\r\nContent-Length: ${MAX_BODY_BYTES + 1}\r\n\r\n`)],
    ['a negative body', Buffer.from('RTSP/1.0 200 OK\r\nContent-Length: -1\r\n\r\n')],
  ])('ends at %s', (_, bytes) => {
    const thousands = Array.from({ length: Math.ceil(bytes.length / 1_000) }, (_, at) =>
      bytes.subarray(at * 1_000, at * 1_000 + 1_000),
    );
    expect(deframed(thousands).fault).toEqual(expect.any(String));
  });

  it('hands nothing on after it was stopped in the middle of a read', () => {
    let count = 0;
    const deframer = new Deframer({
      onPacket: () => {
        count++;
        deframer.stop();
      },
      onMessage: () => {},
      isChannel: () => true,
    });
    const reads = Buffer.concat([packet(0, RTP), packet(0, RTP)]);
    deframer.push(reads, reads.length);
    expect(count).toBe(1);
  });
});
