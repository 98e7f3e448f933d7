/** Packet types (RFC 3550 §12.1). */
const SENDER_REPORT = 200;
const RECEIVER_REPORT = 201;
const SOURCE_DESCRIPTION = 202;
const GOODBYE = 203;

const HEADER_BYTES = 4;
/** Header, SSRC, NTP and RTP timestamps, two counts. */
const SENDER_REPORT_BYTES = 28;
const CNAME = 1;
/** Seconds from 1900 (NTP) to 1970 (Unix), RFC 5905 §6. */
const NTP_TO_UNIX_S = 2_208_988_800;

export interface RtcpSink {
  /** `unixMs` is undefined when the sender has no wall clock and says 0 (RFC 3550 §6.4.1). */
  onSenderReport(ssrc: number, middleNtp: number, timestamp: number, unixMs: number | undefined): void;
  onSourceName(ssrc: number, cname: string): void;
  onBye(ssrc: number): void;
}

/**
 * Walks a compound packet (RFC 3550 §6.1) and tells `sink` what is in it. Unknown packet types are stepped over. `false`
 * when a length does not fit; what came before it was told.
 *
 * ```
 * |V=2|P|  count  |  packet type  |  length in 32-bit words less one  |
 * ```
 */
export function readRtcp(buffer: Buffer, from: number, to: number, sink: RtcpSink): boolean {
  if (to - from < HEADER_BYTES || to > buffer.length) return false;
  for (let at = from; at < to;) {
    if (to - at < HEADER_BYTES || buffer[at]! >>> 6 !== 2) return false;
    const end = at + (buffer.readUInt16BE(at + 2) + 1) * 4;
    if (end > to || !readPacket(buffer, at, end, sink)) return false;
    at = end;
  }
  return true;
}

function readPacket(buffer: Buffer, at: number, end: number, sink: RtcpSink): boolean {
  const count = buffer[at]! & 0x1f;
  switch (buffer[at + 1]) {
    case SENDER_REPORT:
      return readSenderReport(buffer, at, end, sink);
    case SOURCE_DESCRIPTION:
      return readSourceDescription(buffer, at + HEADER_BYTES, end, count, sink);
    case GOODBYE:
      return readGoodbye(buffer, at + HEADER_BYTES, end, count, sink);
    default:
      return true;
  }
}

function readSenderReport(buffer: Buffer, at: number, end: number, sink: RtcpSink): boolean {
  if (end - at < SENDER_REPORT_BYTES) return false;
  const seconds = buffer.readUInt32BE(at + 8);
  const fraction = buffer.readUInt32BE(at + 12);
  const unixMs = seconds === 0 ? undefined : (seconds - NTP_TO_UNIX_S) * 1000 + (fraction * 1000) / 0x1_0000_0000;
  const middle = buffer.readUInt32BE(at + 10);
  sink.onSenderReport(buffer.readUInt32BE(at + 4), middle, buffer.readUInt32BE(at + 16), unixMs);
  return true;
}

/** Chunks of an SSRC and items, each chunk closed by a zero and padded to four bytes (§6.5). */
function readSourceDescription(buffer: Buffer, from: number, end: number, chunks: number, sink: RtcpSink): boolean {
  let at = from;
  for (let chunk = 0; chunk < chunks; chunk++) {
    if (at + 4 > end) return false;
    const ssrc = buffer.readUInt32BE(at);
    at += 4;
    while (at < end && buffer[at] !== 0) {
      const next = at + 2 + (at + 1 < end ? buffer[at + 1]! : end);
      if (next > end) return false;
      if (buffer[at] === CNAME) sink.onSourceName(ssrc, buffer.toString('utf8', at + 2, next));
      at = next;
    }
    at = from + ((at - from) & ~3) + 4;
  }
  return true;
}

function readGoodbye(buffer: Buffer, from: number, end: number, count: number, sink: RtcpSink): boolean {
  if (from + count * 4 > end) return false;
  for (let source = 0; source < count; source++) sink.onBye(buffer.readUInt32BE(from + source * 4));
  return true;
}

/** One report block of RFC 3550 §6.4.2. */
export interface ReceptionReport {
  readonly sourceSsrc: number;
  /** 0..255 */
  readonly fractionLost: number;
  readonly cumulativeLost: number;
  readonly extendedHighest: number;
  /** Timestamp units. */
  readonly jitter: number;
  /** Middle 32 bits of the NTP time of the last sender report, 0 when none came. */
  readonly lastReport: number;
  /** Since that sender report, in 1/65536 s. */
  readonly delaySinceLastReport: number;
}

const REPORT_HEADER_BYTES = 8;
const REPORT_BLOCK_BYTES = 24;
/** Says nothing about the machine or its people; RFC 7022 allows what is unique within the session. */
const OUR_CNAME = 'atalaya-relay';

/**
 * A compound packet of a receiver report and the CNAME that must come with it (RFC 3550 §6.1). Without a report it has no
 * block, as §6.4.2 bids while nothing was received.
 */
export function writeReceiverReport(reporterSsrc: number, report: ReceptionReport | undefined): Buffer {
  const reportBytes = REPORT_HEADER_BYTES + (report ? REPORT_BLOCK_BYTES : 0);
  const description = sourceDescription(reporterSsrc);
  const packet = Buffer.alloc(reportBytes + description.length);
  writeHeader(packet, report ? 1 : 0, RECEIVER_REPORT, reportBytes);
  packet.writeUInt32BE(reporterSsrc >>> 0, 4);
  if (report) writeBlock(packet, REPORT_HEADER_BYTES, report);
  description.copy(packet, reportBytes);
  return packet;
}

function writeBlock(packet: Buffer, at: number, report: ReceptionReport): void {
  packet.writeUInt32BE(report.sourceSsrc >>> 0, at);
  packet.writeUInt32BE(((report.fractionLost << 24) | (signed24(report.cumulativeLost) & 0xff_ffff)) >>> 0, at + 4);
  packet.writeUInt32BE(report.extendedHighest >>> 0, at + 8);
  packet.writeUInt32BE(clamped32(report.jitter), at + 12);
  packet.writeUInt32BE(report.lastReport >>> 0, at + 16);
  packet.writeUInt32BE(clamped32(report.delaySinceLastReport), at + 20);
}

/** One chunk with one item, padded with 1 to 4 zeros (§6.5). */
function sourceDescription(ssrc: number): Buffer {
  const chunkBytes = 4 + 2 + OUR_CNAME.length;
  const packet = Buffer.alloc(HEADER_BYTES + (chunkBytes & ~3) + 4);
  writeHeader(packet, 1, SOURCE_DESCRIPTION, packet.length);
  packet.writeUInt32BE(ssrc >>> 0, 4);
  packet[8] = CNAME;
  packet[9] = OUR_CNAME.length;
  packet.write(OUR_CNAME, 10, 'latin1');
  return packet;
}

function writeHeader(packet: Buffer, count: number, type: number, bytes: number): void {
  packet[0] = 0x80 | count;
  packet[1] = type;
  packet.writeUInt16BE(bytes / 4 - 1, 2);
}

function clamped32(value: number): number {
  return Math.min(Math.max(0, value), 0xffff_ffff);
}

/** Clamped to what 24 bits of two's complement hold (§A.3). */
function signed24(value: number): number {
  return Math.max(-0x80_0000, Math.min(0x7f_ffff, value));
}
