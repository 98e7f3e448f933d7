import { BitReader } from './bit-reader.ts';

/** What an audio sample entry and a player need to know. AAC-LC only: what cameras send as MPEG4-GENERIC. */
export interface AudioFormat {
  readonly codec: 'aac';
  /** RFC 6381 §3.3: `mp4a.40.2`. */
  readonly codecString: string;
  readonly sampleRate: number;
  /** 1..8 */
  readonly channels: number;
  /** Samples of one access unit, each channel: 1024, or 960 where the configuration says so. */
  readonly frameSamples: 1024 | 960;
  /** AudioSpecificConfig as it came (ISO/IEC 14496-3 §1.6.2.1). */
  readonly config: Buffer;
}

/** ISO/IEC 14496-3 table 1.18, by samplingFrequencyIndex. */
const SAMPLE_RATES: readonly number[] = [
  96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350,
];
const EXPLICIT_RATE = 15;
/** Table 1.19; 0 means that a program config element follows, which no camera sends. */
const CHANNELS: readonly number[] = [0, 1, 2, 3, 4, 5, 6, 8];
const AAC_LC = 2;
/** LC needs two bytes; five are an explicit rate. Extensions that follow are for other object types. */
const MAX_CONFIG_BYTES = 32;
const MIN_SAMPLE_RATE = 7_350;
const MAX_SAMPLE_RATE = 96_000;

/** Reads an AudioSpecificConfig. `undefined`: cut short, out of range, or not AAC-LC. */
export function parseAudioConfig(config: Buffer): AudioFormat | undefined {
  if (config.length < 2 || config.length > MAX_CONFIG_BYTES) return undefined;
  const reader = new BitReader(config);
  const objectType = reader.bits(5);
  const index = reader.bits(4);
  const sampleRate = index === EXPLICIT_RATE ? reader.bits(24) : (SAMPLE_RATES[index] ?? 0);
  const channels = CHANNELS[reader.bits(4)] ?? 0;
  const frameSamples = reader.flag() ? 960 : 1024;
  const isRead = !reader.overrun && objectType === AAC_LC && channels > 0;
  if (!isRead || sampleRate < MIN_SAMPLE_RATE || sampleRate > MAX_SAMPLE_RATE) return undefined;
  return { codec: 'aac', codecString: `mp4a.40.${objectType}`, sampleRate, channels, frameSamples, config };
}
