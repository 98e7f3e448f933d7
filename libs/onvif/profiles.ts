import { find, findAll, numberAt, plainText, textAt, type XmlElement } from './xml.ts';

export type VideoCodec = 'h264' | 'h265' | 'mjpeg';

/** A media profile that carries video (ONVIF Media 5.1.2, Media2 5.2). */
export interface VideoProfile {
  readonly token: string;
  readonly name: string;
  readonly codec: VideoCodec;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly framesPerSecond: number | null;
  readonly bitrateKbps: number | null;
  readonly hasPtz: boolean;
}

const MAX_PROFILES = 64;
/** Longer tokens break ONVIF's own limit (ReferenceToken, 64 characters). */
const MAX_TOKEN_CHARS = 64;
const MAX_SIDE_PX = 16_384;

/** Reads either GetProfilesResponse. Profiles without a token or a video encoder that we know are left out. */
export function readProfiles(body: XmlElement): VideoProfile[] {
  return findAll(body, 'Profiles')
    .slice(0, MAX_PROFILES)
    .map(readProfile)
    .filter((profile) => profile !== undefined);
}

function readProfile(element: XmlElement): VideoProfile | undefined {
  const encoder = find(element, 'Configurations', 'VideoEncoder') ?? find(element, 'VideoEncoderConfiguration');
  const token = element.attributes.get('token') ?? '';
  const codec = codecOf(textAt(encoder, ['Encoding']));
  const [widthPx, heightPx] = ['Width', 'Height'].map((side) => numberAt(encoder, 'Resolution', side));
  if (token === '' || plainText(token, MAX_TOKEN_CHARS) !== token || !codec || !isSide(widthPx) || !isSide(heightPx))
    return undefined;
  return {
    token,
    name: textAt(element, ['Name'], 64) || plainText(token, 64),
    codec,
    widthPx,
    heightPx,
    framesPerSecond: positive(numberAt(encoder, 'RateControl', 'FrameRateLimit'), 1000),
    bitrateKbps: kbps(numberAt(encoder, 'RateControl', 'BitrateLimit')),
    hasPtz: (find(element, 'Configurations', 'PTZ') ?? find(element, 'PTZConfiguration')) !== undefined,
  };
}

/** Media1 says `H264`, Media2 an IANA name; some makers of H.265 put `H265` or `HEVC` into Media1, where it does not exist. */
function codecOf(encoding: string): VideoCodec | undefined {
  const name = encoding.toUpperCase().replace(/[.\s-]/g, '');
  if (name === 'H264') return 'h264';
  if (name === 'H265' || name === 'HEVC') return 'h265';
  return name === 'JPEG' || name === 'MJPEG' ? 'mjpeg' : undefined;
}

function isSide(px: number | undefined): px is number {
  return px !== undefined && Number.isInteger(px) && px > 0 && px <= MAX_SIDE_PX;
}

function positive(value: number | undefined, max: number): number | null {
  return value !== undefined && value > 0 && value <= max ? value : null;
}

/** The field is kbit/s (ONVIF Media 5.1.2); what is beyond 1 Gbit/s was written in bit/s. */
function kbps(value: number | undefined): number | null {
  const given = positive(value, 1e9);
  if (given === null) return null;
  return Math.round(given > 1e6 ? given / 1000 : given);
}

export interface ChosenProfiles {
  readonly main: VideoProfile | undefined;
  readonly sub: VideoProfile | undefined;
}

/** A wall tile: 640x360. */
const TILE_PX = 640 * 360;

/**
 * Main: the largest picture, JPEG only when there is nothing else. Sub: smaller than main, H.264 first because every
 * browser plays it, then the nearest to a tile's size. A camera with one profile has no sub.
 */
export function chooseProfiles(profiles: readonly VideoProfile[]): ChosenProfiles {
  const playable = profiles.filter((profile) => profile.codec !== 'mjpeg');
  const main = (playable.length > 0 ? playable : profiles).toSorted(
    (a, b) => pixels(b) - pixels(a) || (b.bitrateKbps ?? 0) - (a.bitrateKbps ?? 0),
  )[0];
  const sub = playable
    .filter((profile) => main !== undefined && pixels(profile) < pixels(main))
    .toSorted((a, b) => Number(a.codec !== 'h264') - Number(b.codec !== 'h264') || fromTile(a) - fromTile(b))[0];
  return { main, sub };
}

function pixels(profile: VideoProfile): number {
  return profile.widthPx * profile.heightPx;
}

/** How many times larger or smaller than a tile. */
function fromTile(profile: VideoProfile): number {
  return Math.abs(Math.log(pixels(profile) / TILE_PX));
}
