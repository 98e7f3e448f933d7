import { clamp, type Span } from './playhead.ts';

/** What part of a time axis is in view, and where its marks stand. Pure. */

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Steps between two marks that people count in. */
const STEPS_MS = [10_000, 30_000, MINUTE_MS, 5 * MINUTE_MS, 10 * MINUTE_MS, 30 * MINUTE_MS, HOUR_MS, 3 * HOUR_MS];
/** A view is no narrower than this. */
export const MIN_VIEW_MS = 2 * MINUTE_MS;
/** Lima is five hours behind, all year: marks stand on its hours. */
const OFFSET_MS = 5 * HOUR_MS;

/** Where a moment stands in a view, 0 to 1 within it. */
export function shareOf(atMs: number, { fromMs, toMs }: Span): number {
  return toMs === fromMs ? 0 : (atMs - fromMs) / (toMs - fromMs);
}

export function momentAt(share: number, { fromMs, toMs }: Span): number {
  return fromMs + share * (toMs - fromMs);
}

/** The view scaled by `factor` (less than 1 shows less) around a moment that stays where it is, within the whole. */
export function zoom(view: Span, factor: number, aroundMs: number, whole: Span): Span {
  const wholeMs = whole.toMs - whole.fromMs;
  const widthMs = Math.min(wholeMs, Math.max(Math.min(MIN_VIEW_MS, wholeMs), (view.toMs - view.fromMs) * factor));
  return within(aroundMs - shareOf(aroundMs, view) * widthMs, widthMs, whole);
}

/** The view moved so that a moment is in it: nothing is moved while it is. */
export function follow(view: Span, atMs: number, whole: Span): Span {
  if (atMs >= view.fromMs && atMs <= view.toMs) return view;
  const widthMs = view.toMs - view.fromMs;
  return within(atMs - widthMs * 0.2, widthMs, whole);
}

function within(fromMs: number, widthMs: number, whole: Span): Span {
  const start = clamp(fromMs, { fromMs: whole.fromMs, toMs: whole.toMs - widthMs });
  return { fromMs: start, toMs: start + widthMs };
}

/** Round hours and minutes of Lima, at most `count` of them. */
export function ticks({ fromMs, toMs }: Span, count: number): number[] {
  const stepMs = STEPS_MS.find((step) => (toMs - fromMs) / step <= count) ?? 6 * HOUR_MS;
  const first = Math.ceil((fromMs - OFFSET_MS) / stepMs) * stepMs + OFFSET_MS;
  const marks: number[] = [];
  for (let atMs = first; atMs <= toMs; atMs += stepMs) marks.push(atMs);
  return marks;
}

/** `2026-11-22T09:05` in Lima, as the browser's own field of a date and a time takes it. */
export function fieldOf(atMs: number, withSeconds = false): string {
  return new Date(atMs - OFFSET_MS).toISOString().slice(0, withSeconds ? 19 : 16);
}

/** `NaN` for what is no time. */
export function momentOfField(field: string): number {
  return Date.parse(`${field.length === 16 ? `${field}:00` : field}Z`) + OFFSET_MS;
}
