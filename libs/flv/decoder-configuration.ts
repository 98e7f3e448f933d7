import { ok, refusal, refused, type Result } from '#libs/base';
import type { VideoCodec } from '#libs/codec';
import { MAX_RECORD_BYTES, MAX_RECORD_SETS } from './limits.ts';

/** What a decoder configuration record says that the parameter sets in it do not say themselves. */
export interface DecoderConfiguration {
  /** Bytes of the length in front of each NAL unit of a picture. */
  readonly lengthBytes: 1 | 2 | 4;
  /** Parameter set NAL units, header included, as views of the record. */
  readonly parameterSets: readonly Buffer[];
}

/** Refusal: `flv-configuration-malformed`. */
export function readDecoderConfiguration(codec: VideoCodec, record: Buffer): Result<DecoderConfiguration> {
  if (record.length > MAX_RECORD_BYTES) {
    return malformed(`a decoder configuration of ${record.length} bytes, limit ${MAX_RECORD_BYTES}`);
  }
  return codec === 'h264' ? readAvc(record) : readHevc(record);
}

/**
 * AVCDecoderConfigurationRecord, ISO/IEC 14496-15 §5.3.3.1.2:
 * ```
 * version profile compatibility level | 111111 lengthSizeMinusOne | 111 numOfSPS { 16 bits length, SPS } | numOfPPS { .. }
 * ```
 * What follows for high profiles repeats what the SPS says.
 */
function readAvc(record: Buffer): Result<DecoderConfiguration> {
  if (record.length < 7 || record[0] !== 1)
    return malformed('an AVC decoder configuration that is cut or not version 1');
  const sets = new SetReader(record, 6);
  const isWhole = sets.take(record[5]! & 0x1f) && sets.take(sets.readByte());
  return configurationOf(record[4]! & 3, sets, isWhole);
}

/**
 * HEVCDecoderConfigurationRecord, ISO/IEC 14496-15 §8.3.3.1.2: 21 bytes that the SPS repeats, then
 * ```
 * constantFrameRate(2) numTemporalLayers(3) temporalIdNested(1) lengthSizeMinusOne(2) | numOfArrays
 *   { completeness(1) 0 NAL_unit_type(6) | 16 bits numNalus { 16 bits length, NAL unit } }
 * ```
 */
function readHevc(record: Buffer): Result<DecoderConfiguration> {
  // Some writers leave the version at 0, as drafts of the standard did.
  if (record.length < 23 || record[0]! > 1)
    return malformed('an HEVC decoder configuration that is cut or not version 1');
  const sets = new SetReader(record, 23);
  let isWhole = true;
  for (let left = record[22]!; left > 0 && isWhole; left--) {
    const type = sets.readByte() & 0x3f;
    isWhole = sets.take(sets.readShort(), type >= 32 && type <= 34);
  }
  return configurationOf(record[21]! & 3, sets, isWhole);
}

function configurationOf(lengthMinusOne: number, sets: SetReader, isWhole: boolean): Result<DecoderConfiguration> {
  if (!isWhole)
    return malformed(`a decoder configuration that is cut, or has more than ${MAX_RECORD_SETS} parameter sets`);
  if (lengthMinusOne === 2) return malformed('a decoder configuration with NAL unit lengths of 3 bytes');
  return ok({ lengthBytes: (lengthMinusOne + 1) as 1 | 2 | 4, parameterSets: sets.found });
}

/** Reads on through a record; what lies behind its end makes `take` answer `false`. */
class SetReader {
  readonly found: Buffer[] = [];
  private taken = 0;

  constructor(
    private readonly record: Buffer,
    private at: number,
  ) {}

  /** Past the end it reads nothing more, and the next `take` notices. */
  readByte(): number {
    return this.record[this.at++] ?? 0;
  }

  readShort(): number {
    return (this.readByte() << 8) | this.readByte();
  }

  /** `count` NAL units, each behind 16 bits of length. `isWanted`: they are parameter sets. */
  take(count: number, isWanted = true): boolean {
    for (let left = count; left > 0; left--) {
      const length = this.readShort();
      if (++this.taken > MAX_RECORD_SETS || this.at + length > this.record.length) return false;
      if (isWanted && length > 0) this.found.push(this.record.subarray(this.at, this.at + length));
      this.at += length;
    }
    return this.at <= this.record.length;
  }
}

function malformed(what: string): Result<DecoderConfiguration> {
  return refused(refusal('peer-failed', 'flv-configuration-malformed', `the publisher sent ${what}`));
}
