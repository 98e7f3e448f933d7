import {
  Inject,
  Injectable,
  SetMetadata,
  type CanActivate,
  type CustomDecorator,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { RefusalError, refusal } from '#libs/base';
import { CLOCK, type Clock } from '../clock.ts';
import type { GuardedRequest } from './signed-in.ts';

/** How often one session, or one account with all of its sessions, may call. Routes with the same name share one count. */
export interface RateRule {
  readonly name: string;
  readonly perMinute: number;
  readonly per: 'session' | 'account';
}

const RATE_RULE = 'atalaya:rate';
const WINDOW_MS = 60_000;
/** Counts that are kept; the one used longest ago is forgotten first. It takes a login to make one. */
const MAX_COUNTS = 5_000;

/**
 * At most `perMinute` calls in any minute; more are refused with 429 and `Retry-After`. Per session where the work is the
 * matter, per account where what is told is: a second login must not tell twice as much.
 */
export const Limited = (name: string, perMinute: number, per: RateRule['per'] = 'session'): CustomDecorator =>
  SetMetadata(RATE_RULE, { name, perMinute, per } satisfies RateRule);

/** Holds sessions to the {@link Limited} of a route. It runs after the guard that knows who asks. */
@Injectable()
export class RateGuard implements CanActivate {
  private readonly calls = new Map<string, number[]>();

  constructor(
    private readonly reflector: Reflector,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const rule = this.reflector.get<RateRule | undefined>(RATE_RULE, context.getHandler());
    const { signedIn } = context.switchToHttp().getRequest<GuardedRequest>();
    if (!rule || !signedIn) return true;
    const who = rule.per === 'account' ? signedIn.accountId : signedIn.sessionId;
    this.take(`${who} ${rule.name}`, rule.perMinute);
    return true;
  }

  private take(key: string, max: number): void {
    const nowMs = this.clock.monotonicMs();
    const recent = (this.calls.get(key) ?? []).filter((atMs) => atMs > nowMs - WINDOW_MS);
    const [first] = recent;
    if (first !== undefined && recent.length >= max) throw tooManyRequests(first + WINDOW_MS - nowMs);
    this.calls.delete(key);
    this.calls.set(key, [...recent, nowMs]);
    if (this.calls.size > MAX_COUNTS) this.calls.delete(this.calls.keys().next().value!);
  }
}

function tooManyRequests(waitMs: number): RefusalError {
  const retryAfterS = Math.max(1, Math.ceil(waitMs / 1_000));
  return new RefusalError(
    refusal('too-many', 'too-many-requests', `too often: try again in ${retryAfterS} s`, { retryAfterS }),
  );
}
