import type { Clock } from '#libs/base';
import type { AuditActor, AuditRecord } from './audit.service.ts';

/** Refusals of one account (else address, else object) and code that get a line of their own, in one window. */
export const LINES_PER_WINDOW = 10;
export const WINDOW_MS = 60_000;
/** Accounts and addresses counted apart; the rest share one count, so that a botnet fills neither memory nor the table. */
const MAX_COUNTED = 1_000;
/** Places and routes that a summary names; the count holds all. */
const MAX_NAMED = 10;

/** What was refused beyond the lines of a window, as one line. */
export interface RefusalSummary {
  readonly what: AuditRecord;
  readonly who: AuditActor;
}

interface Count {
  readonly action: string;
  readonly code: string;
  readonly who: AuditActor;
  readonly startedMs: number;
  readonly startedAtMs: number;
  lines: number;
  rest: number;
  readonly addresses: Set<string>;
  readonly routes: Set<string>;
}

/**
 * Keeps somebody who is refused again and again from filling the audit: the first refusals of a minute have a line each,
 * the others one line together that tells how many they were.
 */
export class RefusalDigest {
  private readonly counts = new Map<string, Count>();

  constructor(private readonly clock: Clock) {}

  /** Whether this refusal gets a line of its own; if not, it is counted. */
  takesLine(what: AuditRecord, who: AuditActor): boolean {
    const count = this.countOf(what, who);
    if (count.lines < LINES_PER_WINDOW) {
      count.lines++;
      return true;
    }
    count.rest++;
    if (who.ip !== undefined && count.addresses.size < MAX_NAMED) count.addresses.add(who.ip);
    const route = what.details?.['route'];
    if (typeof route === 'string' && count.routes.size < MAX_NAMED) count.routes.add(route);
    return false;
  }

  /** Windows that are over (all of them when `everything`), as summaries; they are forgotten here. */
  takeSummaries(everything = false): RefusalSummary[] {
    const nowMs = this.clock.monotonicMs();
    const over = [...this.counts].filter(([, count]) => everything || nowMs - count.startedMs >= WINDOW_MS);
    for (const [key] of over) this.counts.delete(key);
    return over.flatMap(([, count]) => (count.rest > 0 ? [this.summaryOf(count)] : []));
  }

  private countOf(what: AuditRecord, who: AuditActor): Count {
    const whose = who.accountId ?? who.ip ?? what.objectId ?? '';
    const code = what.code ?? '';
    const own = `${whose} ${what.action} ${code}`;
    const shared = `* ${what.action} ${code}`;
    const known = this.counts.get(own);
    if (known) return known;
    const full = this.counts.size >= MAX_COUNTED;
    const old = full ? this.counts.get(shared) : undefined;
    if (old) return old;
    const count: Count = {
      action: what.action,
      code,
      who: full ? {} : who,
      startedMs: this.clock.monotonicMs(),
      startedAtMs: this.clock.nowMs(),
      lines: 0,
      rest: 0,
      addresses: new Set(),
      routes: new Set(),
    };
    this.counts.set(full ? shared : own, count);
    return count;
  }

  private summaryOf({ action, code, who, startedAtMs, rest, addresses, routes }: Count): RefusalSummary {
    const details = {
      more: rest,
      fromMs: startedAtMs,
      toMs: this.clock.nowMs(),
      addresses: [...addresses],
      ...(routes.size > 0 ? { routes: [...routes] } : {}),
    };
    return { what: { action, outcome: 'refused', code, details }, who };
  }
}
