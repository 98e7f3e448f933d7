/** Where a replay stands, pure. Times in milliseconds of the Unix epoch. */

export const SPEEDS = [1, 5, 15, 30, 60] as const;
export type Speed = (typeof SPEEDS)[number];

export interface Playhead {
  readonly atMs: number;
  readonly playing: boolean;
  readonly speed: Speed;
}
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A tab that slept must not leap: no more of real time counts than this. */
const MAX_TICK_MS = 500;

/** After so much real time. It stops at the end, and does not move while what it would show is not there yet. */
export function advance(head: Playhead, realMs: number, { toMs }: Span, ready: boolean): Playhead {
  if (!head.playing || !ready) return head;
  const atMs = head.atMs + Math.min(realMs, MAX_TICK_MS) * head.speed;
  return atMs >= toMs ? { ...head, atMs: toMs, playing: false } : { ...head, atMs };
}

export function seek(head: Playhead, atMs: number, span: Span): Playhead {
  return { ...head, atMs: clamp(atMs, span) };
}

/** At the end it begins anew. */
export function toggle(head: Playhead, span: Span): Playhead {
  if (head.playing) return { ...head, playing: false };
  return { ...head, playing: true, atMs: head.atMs >= span.toMs ? span.fromMs : head.atMs };
}

export function clamp(atMs: number, { fromMs, toMs }: Span): number {
  return Math.max(fromMs, Math.min(toMs, atMs));
}
