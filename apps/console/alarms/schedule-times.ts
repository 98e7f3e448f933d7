/** `22:00` of minute 1320. The end of a day is written as its last minute's follower, `24:00`, which inputs show as `00:00`. */
export function timeOfMinute(minute: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(Math.floor(minute / 60) % 24)}:${two(minute % 60)}`;
}

/** Minute of the day of `22:00`; `undefined` for anything else. */
export function minuteOfTime(text: string): number | undefined {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text);
  return match ? Number(match[1]) * 60 + Number(match[2]) : undefined;
}

/** An end at `00:00` is the end of the day, not its beginning: `08:00` to `00:00` lasts until midnight. */
export function endMinuteOfTime(text: string): number | undefined {
  const minute = minuteOfTime(text);
  return minute === 0 ? 1_440 : minute;
}
