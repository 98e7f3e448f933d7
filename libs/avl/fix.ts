import { refusal, refused, type Result } from '#libs/base';
import type { GeoPoint } from '#libs/geo';

/** Where a device said that it was, and when. Whatever protocol it came by, the units are these. */
export interface Fix {
  readonly point: GeoPoint;
  /** The device's clock when the position was taken. */
  readonly takenAtMs: number;
  readonly speedKmh: number | null;
  /** Direction of travel, degrees clockwise from north, 0 <= b < 360. */
  readonly bearingDeg: number | null;
  readonly altitudeM: number | null;
  /** Radius that the device believes in. */
  readonly accuracyM: number | null;
  /** Horizontal dilution of precision, a bare number. */
  readonly hdop: number | null;
  /** 0..1. */
  readonly batteryShare: number | null;
  readonly charging: boolean | null;
}

/** What a device sent: who it says it is, and its fixes. The token of the request, not this id, says whose it is. */
export interface DeviceReport {
  readonly deviceId: string;
  readonly fixes: readonly Fix[];
}

/** Lengths from the wire. */
export const REPORT_CAPS = { deviceIdChars: 64, valueChars: 64, parameters: 40, fixes: 500 } as const;

/** Why a report was not understood or a fix not taken. */
export const FIX_CODES = {
  'fix-malformed': 'bad-input',
  'fix-without-device': 'bad-input',
  'fix-without-place': 'bad-input',
  'fix-too-many': 'too-large',
  'fix-not-location': 'bad-input',
  'fix-invalid': 'bad-input',
  'fix-null-island': 'bad-input',
  'fix-in-future': 'bad-input',
  'fix-outdated': 'bad-input',
  'fix-duplicate': 'conflict',
  'fix-inaccurate': 'bad-input',
  'fix-impossible-speed': 'bad-input',
} as const;
export type FixCode = keyof typeof FIX_CODES;

export function fixRefusal(code: FixCode, message: string): Result<never> {
  return refused(refusal(FIX_CODES[code], code, message));
}

export const KMH_PER_KNOT = 1.852;
export const KMH_PER_MPS = 3.6;

/** A finite number within bounds, or `null`: a device that sends nonsense in a side field is still somewhere. */
export function within(value: unknown, min: number, max: number): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) && number >= min && number <= max ? number : null;
}

/** Bounds of the side fields, in the units of {@link Fix}. */
export const BOUNDS = {
  speedKmh: [0, 1_000],
  altitudeM: [-500, 12_000],
  accuracyM: [0, 100_000],
  hdop: [0, 100],
} as const;

/** Latitude and longitude as numbers or numerals; `null` when they are none. */
export function pointOf(latitude: unknown, longitude: unknown): GeoPoint | null {
  const latitudeDeg = within(latitude, -90, 90);
  const longitudeDeg = within(longitude, -180, 180);
  return latitudeDeg === null || longitudeDeg === null ? null : { latitudeDeg, longitudeDeg };
}

/** 360 and negative headings of careless devices are folded; `null` for what is none (-1 means unknown to iOS). */
export function headingOf(value: unknown): number | null {
  const degrees = within(value, 0, 360);
  return degrees === 360 ? 0 : degrees;
}

/** An instant of ISO 8601 with a zone, or without one taken as UTC, as Traccar does; `null` for what is none. */
export function isoMs(text: string): number | null {
  const shape = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d{1,9})?)(Z|[+-]\d\d:?\d\d)?$/.exec(text);
  if (!shape) return null;
  const [, date, time, zone = 'Z'] = shape;
  const atMs = Date.parse(`${date}T${time}${zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone}`);
  return Number.isNaN(atMs) ? null : atMs;
}
