/** What stands before the entropy-coded data of a baseline JPEG with three components (ITU-T T.81 §B.2). */
export interface JpegHead {
  readonly widthPx: number;
  readonly heightPx: number;
  /** The colour components have half the lines too (4:2:0); otherwise half the columns only (4:2:2). */
  readonly isHalfHeight: boolean;
  /** 64 bytes each, in zigzag order. */
  readonly tables: JpegTables;
  /** Units between restart markers; 0: none. */
  readonly restartInterval: number;
}

export interface JpegTables {
  readonly luma: Buffer;
  readonly chroma: Buffer;
}

export const JPEG_TABLE_BYTES = 64;

/** T.81 tables K.1 and K.2 in zigzag order, as libjpeg writes them at quality 50. */
const K1_LUMA = Buffer.from(
  '100b0c0e0c0a100e0d0e1211101318281a181616183123251d283a333d3c3933383740485c4e404457453738506d51575f626768673e4d' +
    '71797064785c656763',
  'hex',
);
const K2_CHROMA = Buffer.from(
  '1112121815182f1a1a2f634238426363636363636363636363636363636363636363636363636363636363636363636363636363636363' +
    '636363636363636363',
  'hex',
);

/** T.81 tables K.3 to K.6 as four DHT segments: the ones that RFC 2435 §3.1 leaves out of the packets. */
const HUFFMAN_TABLES = Buffer.from(
  'ffc4001f0000010501010101010100000000000000000102030405060708090a0bffc400b5100002010303020403050504040000017d01' +
    '020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a343536373839' +
    '3a434445464748494a535455565758595a636465666768696a737475767778797a838485868788898a92939495969798999aa2a3a4a5a6' +
    'a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9faffc4001f' +
    '0100030101010101010101010000000000000102030405060708090a0bffc400b511000201020404030407050404000102770001020311' +
    '04052131061241510761711322328108144291a1b1c109233352f0156272d10a162434e125f11718191a262728292a35363738393a4344' +
    '45464748494a535455565758595a636465666768696a737475767778797a82838485868788898a92939495969798999aa2a3a4a5a6a7a8' +
    'a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae2e3e4e5e6e7e8e9eaf2f3f4f5f6f7f8f9fa',
  'hex',
);

/** The tables that a quality factor of 1 to 99 stands for (RFC 2435 §4.2, appendix A). */
export function jpegTablesOf(quality: number): JpegTables {
  const percent = quality < 50 ? Math.floor(5_000 / quality) : 200 - quality * 2;
  const scaled = (table: Buffer): Buffer =>
    Buffer.from(table.map((value) => Math.min(255, Math.max(1, Math.floor((value * percent + 50) / 100)))));
  return { luma: scaled(K1_LUMA), chroma: scaled(K2_CHROMA) };
}

/** SOI, DQT, DRI where needed, SOF0, DHT, SOS. The entropy-coded data and EOI follow. */
export function jpegHead({ widthPx, heightPx, isHalfHeight, tables, restartInterval }: JpegHead): Buffer {
  const [luma, chroma] = [0, 1];
  const size = [heightPx >> 8, heightPx & 0xff, widthPx >> 8, widthPx & 0xff];
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xdb, [luma, ...tables.luma]),
    segment(0xdb, [chroma, ...tables.chroma]),
    restartInterval > 0 ? segment(0xdd, [restartInterval >> 8, restartInterval & 0xff]) : Buffer.alloc(0),
    segment(0xc0, [8, ...size, 3, 1, isHalfHeight ? 0x22 : 0x21, luma, 2, 0x11, chroma, 3, 0x11, chroma]),
    HUFFMAN_TABLES,
    segment(0xda, [3, 1, 0x00, 2, 0x11, 3, 0x11, 0, 63, 0]),
  ]);
}

function segment(marker: number, content: readonly number[]): Buffer {
  const bytes = content.length + 2;
  return Buffer.from([0xff, marker, bytes >> 8, bytes & 0xff, ...content]);
}
