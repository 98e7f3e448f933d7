/** Frames of AAC in a loop, and what a receiver has to know of them. */
export interface AudioClip {
  readonly name: string;
  readonly sampleRate: number;
  readonly channels: number;
  /** AudioSpecificConfig (ISO/IEC 14496-3 §1.6.2.1), for the SDP. */
  readonly config: Buffer;
  /** Access units without their ADTS headers. */
  readonly frames: readonly Buffer[];
}

/** Samples of one frame, each channel. */
export const AUDIO_FRAME_SAMPLES = 1_024;

/** ISO/IEC 14496-3 table 1.18 */
const SAMPLE_RATES = [
  96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350,
];
const SYNC_WORD = 0xfff;
const HEADER_BYTES = 7;

/**
 * Reads an ADTS file (ISO/IEC 14496-3 §1.A.2), one frame behind each header, without checksum. Throws when it is none.
 *
 * ```
 * sync 12 | id 1 | layer 2 | no crc 1 | profile 2 | rate 4 | private 1 | channels 3 | ... | length 13 | fullness 11 | 2
 * ```
 */
export function parseAdts(name: string, file: Buffer): AudioClip {
  const frames: Buffer[] = [];
  for (let at = 0; at < file.length;) {
    const length = at + HEADER_BYTES <= file.length ? (file.readUIntBE(at + 3, 3) >> 5) & 0x1fff : 0;
    const isFrame = length > HEADER_BYTES && at + length <= file.length && file.readUInt16BE(at) >> 4 === SYNC_WORD;
    if (!isFrame || (file[at + 1]! & 1) === 0) throw new Error(`clip ${name}: no ADTS frame without checksum at ${at}`);
    frames.push(file.subarray(at + HEADER_BYTES, at + length));
    at += length;
  }
  if (frames.length === 0) throw new Error(`clip ${name} is empty`);
  const objectType = (file[2]! >> 6) + 1;
  const rateIndex = (file[2]! >> 2) & 0xf;
  const channels = ((file[2]! & 1) << 2) | (file[3]! >> 6);
  const config = Buffer.alloc(2);
  config.writeUInt16BE((objectType << 11) | (rateIndex << 7) | (channels << 3));
  const sampleRate = SAMPLE_RATES[rateIndex];
  if (sampleRate === undefined) throw new Error(`clip ${name}: no sampling rate`);
  return { name, sampleRate, channels, config, frames };
}
