/** Seconds from 1900 (NTP era 0) to 1970 (RFC 3550 §4). */
const NTP_UNIX_OFFSET_S = 2_208_988_800;

export interface SenderReport {
  readonly ssrc: number;
  /** The hour the sender believes it is, Unix milliseconds. */
  readonly senderNowMs: number;
  /** RTP timestamp of the same instant, modulo 2^32. */
  readonly timestamp: number;
  readonly packets: number;
  readonly bytes: number;
  readonly cname: string;
}

/** A compound of sender report (RFC 3550 §6.4.1) and source description with the CNAME (§6.5.1). */
export function senderReport(report: SenderReport): Buffer {
  const bytes = Buffer.alloc(28);
  bytes[0] = 0x80;
  bytes[1] = 200;
  bytes.writeUInt16BE(6, 2);
  bytes.writeUInt32BE(report.ssrc, 4);
  const seconds = Math.floor(report.senderNowMs / 1_000);
  const fraction = (report.senderNowMs / 1_000 - seconds) * 0x1_0000_0000;
  bytes.writeUInt32BE((seconds + NTP_UNIX_OFFSET_S) % 0x1_0000_0000, 8);
  bytes.writeUInt32BE(Math.floor(fraction), 12);
  bytes.writeUInt32BE(report.timestamp, 16);
  bytes.writeUInt32BE(report.packets % 0x1_0000_0000, 20);
  bytes.writeUInt32BE(report.bytes % 0x1_0000_0000, 24);
  return Buffer.concat([bytes, sourceDescription(report.ssrc, report.cname)]);
}

function sourceDescription(ssrc: number, cname: string): Buffer {
  const name = Buffer.from(cname, 'latin1').subarray(0, 255);
  // header 4, SSRC 4, item type and length 2, text, at least one zero, to a multiple of 4
  const bytes = Buffer.alloc(4 + Math.ceil((4 + 2 + name.length + 1) / 4) * 4);
  bytes[0] = 0x81;
  bytes[1] = 202;
  bytes.writeUInt16BE(bytes.length / 4 - 1, 2);
  bytes.writeUInt32BE(ssrc, 4);
  bytes[8] = 1;
  bytes[9] = name.length;
  name.copy(bytes, 10);
  return bytes;
}

/** Says that the source is leaving (RFC 3550 §6.6). */
export function goodbye(ssrc: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes[0] = 0x81;
  bytes[1] = 203;
  bytes.writeUInt16BE(1, 2);
  bytes.writeUInt32BE(ssrc, 4);
  return bytes;
}

/** Whether a packet that came on the RTCP channel starts like a receiver or sender report: a sign of life (§6.4). */
export function looksLikeReport(packet: Buffer): boolean {
  return packet.length >= 8 && packet[0]! >> 6 === 2 && (packet[1] === 200 || packet[1] === 201);
}
