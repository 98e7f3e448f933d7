import type { AudioFormat } from '#libs/codec';
import { box, fullBox, u16, u32, u8, zeros } from './box.ts';
import { dinf, ftyp, hdlr, mdhd, mdia, minf, moov, mvex, mvhd, stbl, tkhd, trak, trex } from './movie-boxes.ts';

/** `ftyp moov` of one AAC track. Its time scale is the sampling rate: one frame is a whole number of ticks. */
export function audioInitSegment(format: AudioFormat): Buffer {
  const media = mdia(mdhd(format.sampleRate), hdlr('soun'), minf(smhd(), dinf(), stbl(mp4a(format))));
  return Buffer.concat([
    ftyp(['iso6', 'cmfc', 'mp41', 'dash']),
    moov(mvhd(), trak(tkhd(0, 0, 1), media), mvex(trex())),
  ]);
}

/** §12.2.2. Balance 0: centre. */
function smhd(): Buffer {
  return fullBox('smhd', 0, 0, u16(0, 0));
}

/** §12.2.3: AudioSampleEntry, 16 bits a sample, the rate as 16.16. A rate that does not fit there is in `esds` alone. */
function mp4a(format: AudioFormat): Buffer {
  const { channels, sampleRate } = format;
  const rate = sampleRate <= 0xffff ? sampleRate : 0;
  return box('mp4a', zeros(6), u16(1), zeros(8), u16(channels, 16, 0, 0), u32(rate * 0x10000), esds(format));
}

/** ISO/IEC 14496-1 §7.2.6: tags of the descriptors that are nested here. */
const ES_DESCRIPTOR = 0x03;
const DECODER_CONFIG = 0x04;
const DECODER_SPECIFIC = 0x05;
const SL_CONFIG = 0x06;
/** §7.2.6.6: MPEG-4 audio; stream type audio (5), with the reserved bit set. */
const MPEG4_AUDIO = 0x40;
const AUDIO_STREAM = (5 << 2) | 1;
/** ISO/IEC 14496-14 §3.1.2: SLConfigDescriptor with `predefined` 2. */
const SL_MP4 = 2;

/** ISO/IEC 14496-14 §5.6 */
function esds({ config }: AudioFormat): Buffer {
  const unknownBitRates = u32(0, 0);
  const decoder = descriptor(
    DECODER_CONFIG,
    u8(MPEG4_AUDIO, AUDIO_STREAM, 0, 0, 0),
    unknownBitRates,
    descriptor(DECODER_SPECIFIC, config),
  );
  return fullBox('esds', 0, 0, descriptor(ES_DESCRIPTOR, u16(0), u8(0), decoder, descriptor(SL_CONFIG, u8(SL_MP4))));
}

/** Tag and length (§8.3.3): all lengths here are below 128, one byte. */
function descriptor(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  if (body.length > 0x7f) throw new Error(`a descriptor of ${body.length} bytes`);
  return Buffer.concat([u8(tag, body.length), body]);
}
