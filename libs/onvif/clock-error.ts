import { ok, refused, type Result } from '#libs/base';
import { onvifRefusal } from './failure.ts';
import { envelope } from './soap.ts';
import { find, numberAt, textAt, type XmlElement } from './xml.ts';

/** What a device believes the hour is (ONVIF Core 8.3.6 GetSystemDateAndTime). */
export interface DeviceTime {
  /** Start of the second that it said, UTC, milliseconds since 1970. */
  readonly utcMs: number;
  /** `local`: it gave only its local hour, and {@link utcMs} rests on its time zone, or on none. */
  readonly source: 'utc' | 'local' | 'local-without-zone';
}

/** Device clock minus ours: positive when the device is ahead. */
export interface ClockError {
  readonly errorMs: number;
  /** The true error lies within plus or minus this. */
  readonly uncertaintyMs: number;
}

/** The question that needs no login (access class PRE_AUTH), and by which a sweep knows ONVIF. */
export function systemDateAndTimeRequest(header = ''): string {
  return envelope('<GetSystemDateAndTime xmlns="http://www.onvif.org/ver10/device/wsdl"/>', header);
}

export const SYSTEM_DATE_AND_TIME_ACTION = 'http://www.onvif.org/ver10/device/wsdl/GetSystemDateAndTime';

/** Reads `GetSystemDateAndTimeResponse`. Refusal: `onvif-malformed`. */
export function readDeviceTime(body: XmlElement): Result<DeviceTime> {
  const system = find(body, 'SystemDateAndTime');
  if (body.name !== 'GetSystemDateAndTimeResponse' || !system)
    return refused(onvifRefusal('onvif-malformed', 'no SystemDateAndTime in the answer'));
  const utcMs = momentOf(find(system, 'UTCDateTime'));
  if (utcMs !== undefined) return ok({ utcMs, source: 'utc' });
  // ONVIF Core 8.3.6 wants UTCDateTime; devices older than Profile S (2011) give only the local hour.
  const localMs = momentOf(find(system, 'LocalDateTime'));
  if (localMs === undefined) return refused(onvifRefusal('onvif-malformed', 'the device says no readable hour'));
  const offsetMs = posixZoneOffsetMs(textAt(system, ['TimeZone', 'TZ'], 64));
  return ok(
    offsetMs === undefined
      ? { utcMs: localMs, source: 'local-without-zone' }
      : { utcMs: localMs + offsetMs, source: 'local' },
  );
}

/** A device says whole seconds: on average it is half a second further than it says. */
const HALF_SECOND_MS = 500;

/**
 * The device read its clock at some moment between `sentMs` and `receivedMs` (ours), so the middle is wrong by half the
 * round trip at most; and it cut off up to a second, so half a second is added and doubted.
 */
export function clockErrorOf(utcMs: number, sentMs: number, receivedMs: number): ClockError {
  const halfTripMs = Math.max(0, receivedMs - sentMs) / 2;
  return {
    errorMs: Math.round(utcMs + HALF_SECOND_MS - (sentMs + halfTripMs)),
    uncertaintyMs: Math.round(halfTripMs + HALF_SECOND_MS),
  };
}

function momentOf(dateTime: XmlElement | undefined): number | undefined {
  const [year, month, day] = ['Year', 'Month', 'Day'].map((name) => numberAt(dateTime, 'Date', name));
  const [hour, minute, second] = ['Hour', 'Minute', 'Second'].map((name) => numberAt(dateTime, 'Time', name));
  if (!isWithin(year, 1970, 2200) || !isWithin(month, 1, 12) || !isWithin(day, 1, 31)) return undefined;
  if (!isWithin(hour, 0, 23) || !isWithin(minute, 0, 59) || !isWithin(second, 0, 61)) return undefined;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

function isWithin(value: number | undefined, low: number, high: number): value is number {
  return value !== undefined && Number.isInteger(value) && value >= low && value <= high;
}

/**
 * Offset of a POSIX TZ string (POSIX.1-2017 §8.3) without its summer rule: `PET5`, `<-05>5`, `CET-1CEST`. What is west
 * of Greenwich is positive there, so UTC = local + offset.
 */
function posixZoneOffsetMs(zone: string): number | undefined {
  const match = /^(?:[A-Za-z]{3,10}|<[+\-\w]{3,10}>)([+-]?)(\d{1,2})(?::(\d{2}))?(?:[A-Za-z<,]|$)/.exec(zone);
  if (!match) return undefined;
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  return minutes > 26 * 60 ? undefined : (match[1] === '-' ? -1 : 1) * minutes * 60_000;
}
