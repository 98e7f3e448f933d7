import { DEFAULT_DISPATCH_RULES, type EscalationLevel, type TimerKind } from '#libs/dispatch';
import type { IncidentItem } from '#libs/wire';

/** How an incident stands against its targets now. A screen counts by itself, so that it is right between two events. */
export interface Standing {
  /** Since the call, until it is over. */
  readonly elapsedMs: number;
  /** The running timer that is worst; `null` when none runs (a P4, or all were met). */
  readonly timer: { readonly kind: TimerKind; readonly targetMs: number; readonly share: number } | null;
  readonly level: EscalationLevel;
}

export function standingOf({ clocks, timers }: Pick<IncidentItem, 'clocks' | 'timers'>, nowMs: number): Standing {
  const endMs = clocks.closedAtMs ?? nowMs;
  const elapsedMs = Math.max(0, endMs - clocks.callAtMs);
  const worst = timers
    .filter(({ doneAtMs, targetMs }) => doneAtMs === null && targetMs > 0)
    .map(({ kind, startMs, targetMs }) => ({ kind, targetMs, share: Math.max(0, nowMs - startMs) / targetMs }))
    .sort((a, b) => b.share - a.share)[0];
  if (!worst) return { elapsedMs, timer: null, level: 'calm' };
  return { elapsedMs, timer: worst, level: levelOf(worst.share) };
}

function levelOf(share: number): EscalationLevel {
  const { warnShare, criticalShare } = DEFAULT_DISPATCH_RULES;
  if (share >= criticalShare) return 'critical';
  if (share > 1) return 'overdue';
  return share >= warnShare ? 'warned' : 'calm';
}
