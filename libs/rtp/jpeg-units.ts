import {
  JPEG_TABLE_BYTES,
  MAX_PICTURE_SIDE_PX,
  jpegHead,
  jpegTablesOf,
  type AccessUnitInfo,
  type Assembly,
  type JpegFormat,
  type JpegTables,
  type TrackFormat,
} from '#libs/codec';
import type { Depacketizer } from './depacketizer.ts';
import type { ReceiverStats } from './receiver-types.ts';
import type { Units } from './units.ts';

/**
 * ```
 * | type-specific 8 | fragment offset 24 | type 8 | Q 8 | width/8 8 | height/8 8 |        RFC 2435 §3.1
 * | restart interval 16 | F L count 14 |            types 64 to 127, §3.1.7
 * | MBZ 8 | precision 8 | length 16 | tables … |     Q 128 to 255, first fragment, §3.1.8
 * ```
 */
const MAIN_BYTES = 8;
const RESTART_BYTES = 4;
const TABLE_HEAD_BYTES = 4;
const RESTART_TYPES = 64;
/** Q from here on means that the tables are in the packets, once or each time; 255: each time. */
const FIRST_TABLE_Q = 128;
const EOI = Buffer.from([0xff, 0xd9]);

export interface JpegUnitsOptions {
  readonly assembly: Assembly;
  readonly stats: ReceiverStats;
  onFormat(format: TrackFormat): void;
  onAccessUnit(info: AccessUnitInfo & { readonly bytes: number }): void;
}

/**
 * JPEG over RTP (RFC 2435) to whole JPEG pictures in the assembly. The packets carry neither headers nor Huffman tables;
 * they are written before the data. Every picture stands for itself: one with a hole is lost, and no other.
 */
export class JpegUnits implements Depacketizer, Units {
  /** No picture needs another. */
  readonly isWaiting = false;
  private readonly tablesOfQ = new Map<number, JpegTables>();
  private pts90k = -1;
  private arrivedMs = 0;
  /** Where the next fragment of the picture has to begin; -1: the picture is lost, or done. */
  private nextOffset = -1;
  private widthPx = 0;
  private heightPx = 0;
  private told: JpegFormat | undefined;

  constructor(private readonly options: JpegUnitsOptions) {}

  packet(pts90k: number, arrivedMs: number, isAfterLoss: boolean): void {
    if (isAfterLoss || pts90k !== this.pts90k) this.settle();
    this.pts90k = pts90k;
    this.arrivedMs = arrivedMs;
  }

  payload(buffer: Buffer, from: number, to: number): void {
    if (to - from < MAIN_BYTES) return this.malformed();
    const offset = buffer.readUIntBE(from + 1, 3);
    const dataFrom = offset === 0 ? this.begin(buffer, from, to) : this.continued(buffer, from, offset);
    if (dataFrom === undefined) return;
    if (dataFrom > to) return this.malformed();
    if (!this.options.assembly.append(buffer, dataFrom, to)) return this.overflow();
    this.nextOffset = offset + to - dataFrom;
  }

  /** The last packet of a picture (§3). */
  marker(): void {
    if (this.nextOffset > 0) this.handOn();
  }

  restart(): void {
    if (this.nextOffset >= 0) this.lose();
  }

  /** Place of the first data byte, after everything that stands before it was written. */
  private begin(buffer: Buffer, from: number, to: number): number | undefined {
    if (this.nextOffset > 0) this.lose();
    const type = buffer[from + 4]!;
    const hasRestarts = type >= RESTART_TYPES && type < 2 * RESTART_TYPES;
    const kind = hasRestarts ? type - RESTART_TYPES : type;
    const at = from + MAIN_BYTES + (hasRestarts ? RESTART_BYTES : 0);
    const tables = at <= to ? this.tables(buffer, at, to, buffer[from + 5]!) : undefined;
    const [widthPx, heightPx] = [buffer[from + 6]! * 8, buffer[from + 7]! * 8];
    const isKnown = (kind === 0 || kind === 1) && widthPx > 0 && heightPx > 0 && widthPx <= MAX_PICTURE_SIDE_PX;
    if (!tables || !isKnown) {
      this.malformed();
      return undefined;
    }
    const restartInterval = hasRestarts ? buffer.readUInt16BE(from + MAIN_BYTES) : 0;
    const head = jpegHead({ widthPx, heightPx, isHalfHeight: kind === 1, tables: tables.tables, restartInterval });
    [this.widthPx, this.heightPx] = [widthPx, heightPx];
    if (this.options.assembly.append(head, 0, head.length)) return tables.dataFrom;
    this.overflow();
    return undefined;
  }

  private continued(buffer: Buffer, from: number, offset: number): number | undefined {
    if (offset !== this.nextOffset) {
      if (this.nextOffset >= 0) this.lose();
      return undefined;
    }
    const type = buffer[from + 4]!;
    return from + MAIN_BYTES + (type >= RESTART_TYPES && type < 2 * RESTART_TYPES ? RESTART_BYTES : 0);
  }

  private tables(
    buffer: Buffer,
    at: number,
    to: number,
    q: number,
  ): { tables: JpegTables; dataFrom: number } | undefined {
    if (q >= 1 && q < 100) return { tables: jpegTablesOf(q), dataFrom: at };
    if (q < FIRST_TABLE_Q || at + TABLE_HEAD_BYTES > to) return undefined;
    const bytes = buffer.readUInt16BE(at + 2);
    const dataFrom = at + TABLE_HEAD_BYTES + bytes;
    const kept = bytes === 0 ? this.tablesOfQ.get(q) : undefined;
    if (kept) return { tables: kept, dataFrom };
    // 16-bit tables are no baseline JPEG; one table serves all components.
    const isUsable = buffer[at + 1] === 0 && (bytes === JPEG_TABLE_BYTES || bytes === 2 * JPEG_TABLE_BYTES);
    if (!isUsable || dataFrom > to) return undefined;
    const luma = Buffer.from(buffer.subarray(at + TABLE_HEAD_BYTES, at + TABLE_HEAD_BYTES + JPEG_TABLE_BYTES));
    const chroma = Buffer.from(buffer.subarray(dataFrom - JPEG_TABLE_BYTES, dataFrom));
    if (luma.includes(0) || chroma.includes(0)) return undefined;
    const tables = { luma, chroma };
    this.tablesOfQ.set(q, tables);
    return { tables, dataFrom };
  }

  /** Cameras that leave the marker out end a picture by the next timestamp: it is whole when it has its end mark. */
  private settle(): void {
    if (this.nextOffset < 0) return;
    if (this.nextOffset > 0 && this.hasEnd()) this.handOn();
    else this.lose();
  }

  private hasEnd(): boolean {
    const { buffer, writeAt } = this.options.assembly;
    return EOI.equals(buffer.subarray(writeAt - EOI.length, writeAt));
  }

  private handOn(): void {
    const { assembly, stats, onAccessUnit } = this.options;
    if (!this.hasEnd() && !assembly.append(EOI, 0, EOI.length)) return this.overflow();
    this.nextOffset = -1;
    this.tellFormat();
    const bytes = assembly.unitBytes;
    assembly.commitUnit();
    stats.units++;
    stats.keyUnits++;
    onAccessUnit({ pts90k: this.pts90k, isKey: true, arrivedMs: this.arrivedMs, bytes });
  }

  private tellFormat(): void {
    const { widthPx, heightPx } = this;
    if (this.told?.widthPx === widthPx && this.told.heightPx === heightPx) return;
    this.told = { ...JPEG, widthPx, heightPx };
    this.options.stats.formatChanges++;
    this.options.onFormat(this.told);
  }

  private malformed(): void {
    this.options.stats.malformedPayloads++;
    this.lose();
  }

  private overflow(): void {
    this.options.stats.oversizeUnits++;
    this.options.assembly.dropUnit();
    this.nextOffset = -1;
  }

  private lose(): void {
    if (this.nextOffset >= 0) this.options.stats.damagedUnits++;
    this.options.assembly.dropUnit();
    this.nextOffset = -1;
  }
}

const JPEG: Omit<JpegFormat, 'widthPx' | 'heightPx'> = {
  codec: 'mjpeg',
  codecString: 'jpeg',
  sampleAspect: undefined,
  framesPerSecond: undefined,
  reorderFrames: 0,
  chromaFormatIdc: 1,
  bitDepthLuma: 8,
  bitDepthChroma: 8,
};
