/** `22:00` of minute 1320; the end of a day is `24:00`. */
export function timeOfMinute(minute: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

/** Minute of the day of `22:00` or `7:5`, 0 to 1440; `undefined` for anything else. */
export function minuteOfTime(text: string): number | undefined {
  const match = /^\s*(\d{1,2})[:.](\d{1,2})\s*$/.exec(text);
  const minute = match ? Number(match[1]) * 60 + Number(match[2]) : -1;
  return match && minute <= 1_440 && Number(match[2]) < 60 ? minute : undefined;
}

/** A day begins at 0:00 and not at 24:00. */
export function startMinuteOfTime(text: string): number | undefined {
  const minute = minuteOfTime(text);
  return minute === 1_440 ? 0 : minute;
}

/** An end at 0:00 is the end of the day, not its beginning: `08:00` to `00:00` lasts until midnight. */
export function endMinuteOfTime(text: string): number | undefined {
  const minute = minuteOfTime(text);
  return minute === 0 ? 1_440 : minute;
}
