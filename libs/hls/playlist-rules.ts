import type { ReadPart, ReadPlaylist, ReadSegment } from './playlist-reader.ts';

/** `holds` false: `rule` is broken, `message` says how. */
export type Demand = (holds: boolean, rule: string, message: string) => void;

/** Durations are written with five decimals, targets with three. */
const ROUNDING_S = 0.000_02;
const LEAST_PART_SHARE = 0.85;
/** Between the date of a segment and that of the one before plus its duration. Our dates follow a measured clock slowly. */
const MAX_DATE_STEP_MS = 400;

/** What must hold of a playlist by itself and against the one before. Sections of draft-pantos-hls-rfc8216bis. */
export function judgePlaylist(now: ReadPlaylist, before: ReadPlaylist | undefined, demand: Demand): void {
  judgeDurations(now, demand);
  judgeControl(now, demand);
  judgeParts(now, demand);
  judgeDates(now, demand);
  if (before) judgeStep(before, now, demand);
}

function judgeDurations(now: ReadPlaylist, demand: Demand): void {
  for (const { sequence, durationS, map } of now.segments) {
    const rounded = Math.round(durationS!);
    demand(
      rounded <= now.targetS,
      'segment-too-long',
      `segment ${sequence}: ${durationS} s, target ${now.targetS} s (§4.4.3.1)`,
    );
    demand(map !== undefined || now.skipped > 0, 'map-missing', `segment ${sequence} has no EXT-X-MAP (§3.1.2)`);
  }
}

function judgeControl(now: ReadPlaylist, demand: Demand): void {
  const { control, partTargetS, targetS } = now;
  const number = (name: string): number => Number(control?.[name]);
  const hasParts = [...now.segments, now.open].some((segment) => (segment?.parts.length ?? 0) > 0);
  demand(!hasParts || partTargetS !== undefined, 'part-inf-missing', 'parts without EXT-X-PART-INF (§4.4.3.7)');
  if (partTargetS !== undefined) {
    demand(control?.['CAN-BLOCK-RELOAD'] === 'YES', 'block-reload-missing', 'parts without CAN-BLOCK-RELOAD (§B.1)');
    const partHold = number('PART-HOLD-BACK');
    const message = `PART-HOLD-BACK ${partHold} s, PART-TARGET ${partTargetS} s (§4.4.3.8)`;
    demand(partHold >= 3 * partTargetS - ROUNDING_S, 'part-hold-back', message);
  }
  if (control?.['HOLD-BACK'] !== undefined)
    demand(number('HOLD-BACK') >= 3 * targetS, 'hold-back', `HOLD-BACK ${number('HOLD-BACK')} s (§4.4.3.8)`);
  if (control?.['CAN-SKIP-UNTIL'] !== undefined)
    demand(number('CAN-SKIP-UNTIL') >= 6 * targetS, 'can-skip-until', 'less than six target durations (§4.4.3.8)');
}

function judgeParts(now: ReadPlaylist, demand: Demand): void {
  if (now.partTargetS === undefined) return;
  for (const segment of now.segments) {
    judgePartRun(segment, segment.parts.slice(0, -1), now.partTargetS, demand);
    if (segment.parts.length === 0) continue;
    const sum = segment.parts.reduce((total, part) => total + part.durationS, 0);
    const isWhole = Math.abs(sum - segment.durationS!) <= ROUNDING_S * (segment.parts.length + 1);
    demand(isWhole, 'parts-not-whole', `segment ${segment.sequence}: ${segment.durationS} s, its parts ${sum} s`);
  }
  if (now.hasIndependentSegments) judgeIndependence(now, demand);
  // Any part of a segment that grows may turn out to be its last; those before it cannot.
  if (now.open) judgePartRun(now.open, now.open.parts.slice(0, -1), now.partTargetS, demand);
  judgeListedParts(now, demand);
}

/** §4.4.2.1 */
function judgeIndependence(now: ReadPlaylist, demand: Demand): void {
  for (const { sequence, parts } of [...now.segments, ...(now.open ? [now.open] : [])]) {
    const holds = parts[0]?.isIndependent !== false;
    demand(holds, 'segment-dependent', `segment ${sequence} does not begin with a key frame (§4.4.2.1)`);
  }
}

/** @param inner those that are not the last of their segment */
function judgePartRun(segment: ReadSegment, inner: readonly ReadPart[], targetS: number, demand: Demand): void {
  for (const part of segment.parts) {
    const message = `${part.uri}: ${part.durationS} s, PART-TARGET ${targetS} s (§4.4.4.9)`;
    demand(part.durationS <= targetS + ROUNDING_S, 'part-too-long', message);
  }
  for (const part of inner) {
    const isLong = part.isIndependent || part.durationS >= LEAST_PART_SHARE * targetS - ROUNDING_S;
    demand(isLong, 'part-too-short', `${part.uri}: ${part.durationS} s, PART-TARGET ${targetS} s (§4.4.4.9)`);
  }
}

/** Parts within three target durations of the end are listed (§4.4.4.9). */
function judgeListedParts(now: ReadPlaylist, demand: Demand): void {
  let fromEndS = now.open?.parts.reduce((sum, part) => sum + part.durationS, 0) ?? 0;
  for (const segment of now.segments.toReversed()) {
    if (fromEndS >= 3 * now.targetS) return;
    demand(segment.parts.length > 0, 'parts-unlisted', `segment ${segment.sequence} is ${fromEndS} s from the end`);
    fromEndS += segment.durationS!;
  }
}

function judgeDates(now: ReadPlaylist, demand: Demand): void {
  let before: ReadSegment | undefined;
  for (const segment of [...now.segments, ...(now.open?.dateMs === undefined ? [] : [now.open])]) {
    demand(segment.dateMs !== undefined, 'date-missing', `segment ${segment.sequence} has no EXT-X-PROGRAM-DATE-TIME`);
    if (before?.dateMs !== undefined && segment.dateMs !== undefined && !segment.isDiscontinuous) {
      const stepMs = segment.dateMs - before.dateMs - before.durationS! * 1_000;
      demand(
        Math.abs(stepMs) <= MAX_DATE_STEP_MS,
        'date-step',
        `segment ${segment.sequence}: ${stepMs} ms off (§4.4.4.6)`,
      );
    }
    before = segment;
  }
}

function judgeStep(before: ReadPlaylist, now: ReadPlaylist, demand: Demand): void {
  const same = (rule: string, was: unknown, is: unknown): void =>
    demand(was === is, rule, `was ${String(was)}, is ${String(is)} (§6.2.1)`);
  same('target-changed', before.targetS, now.targetS);
  same('part-target-changed', before.partTargetS, now.partTargetS);
  same('version-changed', before.version, now.version);
  if (before.targetS === now.targetS)
    same('control-changed', JSON.stringify(before.control), JSON.stringify(now.control));
  const gone = now.mediaSequence - before.mediaSequence;
  demand(gone >= 0, 'sequence-back', `EXT-X-MEDIA-SEQUENCE ${before.mediaSequence} -> ${now.mediaSequence} (§6.2.2)`);
  judgeDiscontinuities(before, now, demand);
  judgeHint(before, now, demand);
  const keptS = [...now.segments, ...(now.open ? [now.open] : [])].reduce((sum, each) => sum + lengthOf(each), 0);
  demand(
    gone <= 0 || now.segments[0] === undefined || keptS >= 3 * now.targetS - ROUNDING_S,
    'window-too-short',
    `${keptS} s are listed after a segment was removed, three target durations are ${3 * now.targetS} s (§6.2.2)`,
  );
}

/** Each discontinuity that leaves the list is counted (§6.2.2). */
function judgeDiscontinuities(before: ReadPlaylist, now: ReadPlaylist, demand: Demand): void {
  const counted = now.discontinuitySequence - before.discontinuitySequence;
  demand(
    counted >= 0,
    'discontinuity-back',
    `${before.discontinuitySequence} -> ${now.discontinuitySequence} (§6.2.2)`,
  );
  const last = before.segments.at(-1)?.sequence ?? before.mediaSequence - 1;
  if (now.mediaSequence > last + 1) return;
  const left = before.segments.filter((each) => each.sequence < now.mediaSequence && each.isDiscontinuous).length;
  demand(counted === left, 'discontinuity-count', `${left} discontinuities left the list, ${counted} were counted`);
}

/** A part that was hinted at comes under that address, unless the source was lost meanwhile (§4.4.5.3). */
function judgeHint(before: ReadPlaylist, now: ReadPlaylist, demand: Demand): void {
  if (before.hint === undefined) return;
  const sequence = before.open?.sequence ?? (before.segments.at(-1)?.sequence ?? before.mediaSequence - 1) + 1;
  const position = before.open?.parts.length ?? 0;
  const segment = [...now.segments, now.open].find((each) => each?.sequence === sequence);
  const part = segment?.parts[position];
  if (!segment || !part) return;
  demand(part.uri === before.hint, 'hint-broken', `${before.hint} was hinted at, ${part.uri} came (§4.4.5.3)`);
}

function lengthOf(segment: ReadSegment): number {
  return segment.durationS ?? segment.parts.reduce((sum, part) => sum + part.durationS, 0);
}
