import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Assembly, jpegTablesOf } from '#libs/codec';
import { unframe } from './testdata/capture.ts';
import { VideoReceiver } from './video-receiver.ts';

interface Seen {
  readonly receiver: VideoReceiver;
  readonly pictures: { readonly jpeg: Buffer; readonly pts90k: number }[];
  readonly formats: string[];
}

function receive(packets: readonly Buffer[], maxBytes = 100_000): Seen {
  const assembly = new Assembly(64, maxBytes);
  const [pictures, formats]: [Seen['pictures'], string[]] = [[], []];
  const receiver = new VideoReceiver({
    codec: 'mjpeg',
    payloadType: 26,
    clockRate: 90_000,
    assembly,
    parameterSets: [],
    reporterSsrc: 1,
    onFormat: (format) => formats.push(`${format.codec} ${format.widthPx}x${format.heightPx}`),
    onAccessUnit: ({ bytes, pts90k, isKey }) => {
      expect(isKey).toBe(true);
      const { buffer, unitStart } = assembly;
      pictures.push({ jpeg: Buffer.from(buffer.subarray(unitStart - bytes, unitStart)), pts90k });
      assembly.rewind();
    },
    onRefusal: () => {},
  });
  for (const [at, packet] of packets.entries()) receiver.receiveRtp(packet, 0, packet.length, at * 10);
  return { receiver, pictures, formats };
}

/** What stands in a JPEG, as `render-jpeg.py` tells it of the files that went in. */
function describeJpeg(jpeg: Buffer): object {
  const tables: string[] = [];
  let [width, height, at] = [0, 0, 2];
  for (;;) {
    const end = at + 2 + jpeg.readUInt16BE(at + 2);
    if (jpeg[at + 1] === 0xdb) tables.push(jpeg.toString('hex', at + 5, end));
    if (jpeg[at + 1] === 0xc0) [height, width] = [jpeg.readUInt16BE(at + 5), jpeg.readUInt16BE(at + 7)];
    if (jpeg[at + 1] === 0xda)
      return { width, height, tables, data: createHash('sha256').update(jpeg.subarray(end)).digest('hex') };
    at = end;
  }
}

const read = (name: string): Buffer[] => unframe(readFileSync(new URL(`./testdata/${name}.rtp`, import.meta.url)));

/** One packet of a picture of 16x8. */
function packet(sequence: number, timestamp: number, marker: boolean, payload: string): Buffer {
  const head = Buffer.from('801a000000000000000000aa', 'hex');
  if (marker) head[1] = 0x9a;
  head.writeUInt16BE(sequence, 2);
  head.writeUInt32BE(timestamp, 4);
  return Buffer.concat([head, Buffer.from(payload, 'hex')]);
}

describe('JPEG over RTP', () => {
  it.each(['jpeg-420-tables', 'jpeg-422-tables'])('%s: the pictures that GStreamer packetized', (name) => {
    const golden = JSON.parse(readFileSync(new URL(`./testdata/${name}.json`, import.meta.url), 'utf8')) as object[];
    const packets = read(name);
    expect(packets.length).toBeGreaterThan(golden.length * 2);
    const { receiver, pictures, formats } = receive(packets);
    expect(pictures.map(({ jpeg }) => describeJpeg(jpeg))).toEqual(golden);
    expect(pictures.slice(1).map(({ pts90k }, at) => pts90k - pictures[at]!.pts90k)).toEqual([3_600, 3_600, 3_600]);
    expect(formats).toEqual(['mjpeg 128x96']);
    expect(receiver.stats).toMatchObject({ units: 4, keyUnits: 4, damagedUnits: 0, malformedPayloads: 0 });
  });

  it('loses the picture that has a hole, and no other', () => {
    const packets = read('jpeg-420-tables');
    const { pictures, receiver } = receive(packets.filter((_, at) => at !== 1));
    expect([pictures.length, receiver.stats.lostPackets, receiver.stats.damagedUnits]).toEqual([3, 1, 1]);
    expect(receive(packets, 700).pictures.length).toBe(0);
  });

  it('makes the tables of a quality factor, and a mark for restarts', () => {
    const { pictures } = receive([
      packet(1, 0, false, '000000004132020100048000aabb'),
      packet(2, 0, true, '000000024132020100044002ccdd'),
      packet(3, 3_600, true, '00000000015a0201eeff'),
    ]);
    expect(pictures.map(({ jpeg }) => jpeg.toString('hex').includes('ffdd00040004'))).toEqual([true, false]);
    expect(pictures[0]!.jpeg.toString('hex')).toMatch(/aabbccddffd9$/);
    expect(pictures[0]!.jpeg.includes(jpegTablesOf(50).luma)).toBe(true);
    expect(pictures[1]!.jpeg.includes(jpegTablesOf(90).chroma)).toBe(true);
    // RFC 2435 appendix A: the first entry of K.1 is 16, at 50 as it is, at 25 twice, at 99 a fiftieth.
    expect([50, 25, 99, 1].map((quality) => jpegTablesOf(quality).luma[0])).toEqual([16, 32, 1, 255]);
  });

  it('keeps tables that are sent once, and needs some', () => {
    const tables = '00000040' + '11'.repeat(64);
    const { pictures, receiver } = receive([
      packet(1, 0, true, '000000000181020100000000aa'),
      packet(2, 3_600, true, '0000000001800201' + tables + 'bb'),
      packet(3, 7_200, true, '000000000180020100000000cc'),
    ]);
    expect([pictures.length, receiver.stats.malformedPayloads]).toEqual([2, 1]);
    expect(pictures.every(({ jpeg }) => jpeg.includes(Buffer.alloc(64, 0x11)))).toBe(true);
  });

  it('ends a picture without a marker by its end mark', () => {
    const { pictures } = receive([
      packet(1, 0, false, '0000000001320201aaffd9'),
      packet(2, 3_600, false, '0000000001320201bb'),
      packet(3, 7_200, true, '0000000001320201cc'),
    ]);
    expect(pictures.map(({ jpeg }) => jpeg.toString('hex').slice(-6))).toEqual(['aaffd9', 'ccffd9']);
  });

  it.each([
    ['a picture without a size', '0000000001320001aa'],
    ['a kind that is not defined', '0000000005320201aa'],
    ['a reserved quality', '0000000001000201aa'],
    ['16-bit tables', '0000000001ff020100010080' + '11'.repeat(128) + 'aa'],
    ['tables beyond the packet', '0000000001ff020100000080' + '11'.repeat(60)],
    ['half a header', '0000000001'],
  ])('refuses %s', (_what, payload) => {
    const { pictures, receiver } = receive([packet(1, 0, true, payload)]);
    expect([pictures.length, receiver.stats.malformedPayloads]).toEqual([0, 1]);
  });
});
