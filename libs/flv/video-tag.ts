import type { VideoCodec } from '#libs/codec';

/**
 * What a video tag body (Adobe FLV 10.1 §E.4.3; the payload of RTMP message type 9) holds. `from` is where its own bytes
 * begin: a decoder configuration record, or NAL units behind their lengths.
 */
export type VideoTag =
  /** AVCDecoderConfigurationRecord or HEVCDecoderConfigurationRecord. */
  | { readonly kind: 'configuration'; readonly codec: VideoCodec; readonly from: number }
  /** One access unit, shown `compositionMs` after it is decoded; negative values are allowed (E.4.3.1 CompositionTime, SI24). */
  | { readonly kind: 'picture'; readonly codec: VideoCodec; readonly from: number; readonly compositionMs: number }
  /** Metadata, commands, the end of a sequence: nothing to show. */
  | { readonly kind: 'nothing' }
  /** Too short, or a packet type that the specification does not know. */
  | { readonly kind: 'malformed' }
  /** Video that we do not carry; `name` is printable. */
  | { readonly kind: 'foreign'; readonly name: string };

const NOTHING: VideoTag = { kind: 'nothing' };
const MALFORMED: VideoTag = { kind: 'malformed' };

/** Video info or command frame: its body is one byte and no picture (§E.4.3.1). */
const COMMAND_FRAME = 5;

/** CodecID (§E.4.3.1). 12 is in no specification; encoders wrote H.265 so before the enhanced headers existed. */
const CODEC_OF_ID: Readonly<Record<number, VideoCodec>> = { 7: 'h264', 12: 'h265' };
const NAME_OF_ID: Readonly<Record<number, string>> = {
  2: 'Sorenson H.263',
  3: 'Screen video',
  4: 'VP6',
  5: 'VP6 with alpha',
  6: 'Screen video 2',
};

/** FOURCC of ExVideoTagHeader (Enhanced RTMP v2, "ExVideoTagHeader Section"). */
const CODEC_OF_FOURCC: Readonly<Record<string, VideoCodec>> = { avc1: 'h264', hvc1: 'h265' };

/** AVCPacketType of the old header and VideoPacketType of the enhanced one agree on the first three. */
const SEQUENCE_START = 0;
const CODED_FRAMES = 1;
const SEQUENCE_END = 2;
/** As CODED_FRAMES with a composition time of zero left out. */
const CODED_FRAMES_X = 3;
const METADATA = 4;

/** Reads the header of a video tag's body. */
export function readVideoTag(body: Buffer): VideoTag {
  if (body.length === 0) return NOTHING;
  return (body[0]! & 0x80) === 0 ? readOldHeader(body) : readEnhancedHeader(body);
}

/**
 * ```
 * +-------+-------+---------------+-----------------------+
 * | frame | codec | AVCPacketType | CompositionTime, SI24 |   §E.4.3.1
 * | UB[4] | UB[4] | UI8           | ms                    |
 * +-------+-------+---------------+-----------------------+
 * ```
 */
function readOldHeader(body: Buffer): VideoTag {
  const first = body[0]!;
  if (first >> 4 === COMMAND_FRAME) return NOTHING;
  const codec = CODEC_OF_ID[first & 0x0f];
  if (!codec) return { kind: 'foreign', name: NAME_OF_ID[first & 0x0f] ?? `codec ${first & 0x0f}` };
  if (body.length < 5) return body[1] === SEQUENCE_END ? NOTHING : MALFORMED;
  switch (body[1]) {
    case SEQUENCE_START:
      return { kind: 'configuration', codec, from: 5 };
    case CODED_FRAMES:
      return { kind: 'picture', codec, from: 5, compositionMs: body.readIntBE(2, 3) };
    case SEQUENCE_END:
      return NOTHING;
    default:
      return MALFORMED;
  }
}

/**
 * ```
 * +-+-------+-------+--------+-----------------------+
 * |1| frame | type  | FOURCC | CompositionTime, SI24 |   the last for CODED_FRAMES of avc1 and hvc1 only
 * | | UB[3] | UB[4] | UI32   | ms                    |
 * +-+-------+-------+--------+-----------------------+
 * ```
 */
function readEnhancedHeader(body: Buffer): VideoTag {
  if (body.length < 5) return MALFORMED;
  const type = body[0]! & 0x0f;
  const isCommand = ((body[0]! >> 4) & 7) === COMMAND_FRAME;
  if (isCommand || type === METADATA || type === SEQUENCE_END) return NOTHING;
  const fourCc = body.toString('latin1', 1, 5);
  const codec = CODEC_OF_FOURCC[fourCc];
  // Several tracks in one message, and extensions of the header, put other things where the FOURCC would be.
  if (type > METADATA) return { kind: 'foreign', name: `video packet type ${type}` };
  if (!codec) return { kind: 'foreign', name: /^[ -~]{4}$/.test(fourCc) ? fourCc : 'unknown' };
  if (type === SEQUENCE_START) return { kind: 'configuration', codec, from: 5 };
  if (type === CODED_FRAMES_X) return { kind: 'picture', codec, from: 5, compositionMs: 0 };
  if (type !== CODED_FRAMES || body.length < 8) return MALFORMED;
  return { kind: 'picture', codec, from: 8, compositionMs: body.readIntBE(5, 3) };
}
