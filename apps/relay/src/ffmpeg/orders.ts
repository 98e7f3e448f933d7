import type { FfmpegOrder } from './fluent.ts';

/**
 * fMP4 as `libs/fmp4` writes it says everything in its head: nothing is to be found out by reading on. One thread for the
 * decoder and one for the encoder: a run costs about a core, however many there are.
 */
const FROM_FRAGMENTS = '-hide_banner -v error -probesize 32 -analyzeduration 0 -threads 1 -f mp4';

/** More CPU time than that for one picture is a defect; the kernel ends it (setrlimit(2), RLIMIT_CPU). */
const STILL_CPU_S = 10;
/** 2 (best) to 31: a thumbnail of 320 pixels has about 10 kB. */
const JPEG_QUALITY = 5;

/** The first picture of an fMP4, as JPEG at most `widthPx` wide, in square pixels. */
export function stillOrder(widthPx: number): FfmpegOrder {
  return {
    input: words(`-timelimit ${STILL_CPU_S} ${FROM_FRAGMENTS}`),
    output: words(`-frames:v 1 -an -vf ${fitted(widthPx)} -q:v ${JPEG_QUALITY} -pix_fmt yuvj420p -threads 1 -f mjpeg`),
  };
}

/** What a converted stream may be at most. */
export interface ConversionLimits {
  readonly widthPx: number;
  readonly maxKbps: number;
}

/** A tile of a wall, and a picture that somebody looks at: ultrafast x264 makes both look well at these rates. */
export const CONVERSION_LIMITS: Readonly<Record<'main' | 'sub', ConversionLimits>> = {
  main: { widthPx: 1_280, maxKbps: 2_500 },
  sub: { widthPx: 640, maxKbps: 800 },
};

/** A reader that joins waits no longer for a key picture. */
const KEY_DISTANCE_S = 1;
const RATE_FACTOR = 26;

/**
 * Live fMP4 to live H.264 in FLV, picture for picture: each leaves as soon as it was encoded, and keeps its time (to the
 * millisecond). No B-pictures, a key picture a second, and a rate that is capped over half a second.
 */
export function conversionOrder({ widthPx, maxKbps }: ConversionLimits): FfmpegOrder {
  return {
    input: words(`-flags low_delay ${FROM_FRAGMENTS}`),
    output: words(
      `-an -vf ${fitted(widthPx)} -pix_fmt yuv420p -c:v libx264 -preset ultrafast -tune zerolatency -bf 0 ` +
        `-force_key_frames expr:isnan(prev_forced_t)+gte(t,prev_forced_t+${KEY_DISTANCE_S}) -sc_threshold 0 ` +
        `-crf ${RATE_FACTOR} -maxrate ${maxKbps}k -bufsize ${Math.round(maxKbps / 2)}k -threads 1 ` +
        '-copyts -fps_mode passthrough -enc_time_base 1:90000 -flush_packets 1 ' +
        '-flvflags no_duration_filesize -f flv',
    ),
  };
}

/** Not enlarged, square samples, even sides (4:2:0). Commas are escaped: this stands in a list of filters. */
function fitted(widthPx: number): string {
  return `scale=w=min(${widthPx}\\,trunc(iw*sar/2)*2):h=trunc(ow/dar/2)*2,setsar=1`;
}

/** No option of ours holds a space. */
function words(text: string): readonly string[] {
  return text.split(' ');
}
