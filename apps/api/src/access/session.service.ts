import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { uuidV7 } from '#libs/base';
import { CLOCK, type Clock } from '../clock.ts';
import { API_CONFIG, type ApiConfig } from '../config.ts';
import type { AccountEntity } from './account.entity.ts';
import type { LoginSessionEntity } from './login-session.entity.ts';
import { newToken, tokenHash } from './session-token.ts';
import { SessionStore } from './session.store.ts';
import { removeInBatches } from '../housekeeping/batches.ts';
import type { SignedInUser } from './signed-in.ts';

/** A login that has just begun. The token exists here and in the browser's cookie, nowhere else. */
export interface StartedSession {
  readonly user: SignedInUser;
  readonly token: string;
}

/** How often `last_seen_at` is written at most: a page that asks every second should not write every second. */
const TOUCH_EVERY_MS = 60_000;
const MAX_USER_AGENT_CHARS = 300;

/** Who is signed in. Sessions live in the database, so that a restart signs nobody out and an end is an end everywhere. */
@Injectable()
export class SessionService {
  private readonly endListeners = new Set<(sessionIds: readonly string[]) => void>();

  constructor(
    private readonly store: SessionStore,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(API_CONFIG) private readonly config: ApiConfig,
  ) {}

  /** How long a session may last at most. */
  get maxMs(): number {
    return this.config.sessionMaxMs;
  }

  /** Begins a session, or answers `undefined` when the account changed since its password was checked. */
  async start(account: AccountEntity, ip: string, userAgent: string): Promise<StartedSession | undefined> {
    const nowMs = this.clock.nowMs();
    const token = newToken();
    const session = {
      id: uuidV7(nowMs),
      tokenHash: tokenHash(token),
      createdAt: new Date(nowMs),
      lastSeenAt: new Date(nowMs),
      expiresAt: new Date(nowMs + this.config.sessionMaxMs),
      endedAt: null,
      ip,
      userAgent: userAgent.slice(0, MAX_USER_AGENT_CHARS),
    };
    if (!(await this.store.addFor(account, session))) return undefined;
    return { user: userOf({ ...session, account }, ip), token };
  }

  /** Whose token this is, if its session still stands. `ip` is that of the present request. */
  async find(token: string, ip: string): Promise<SignedInUser | undefined> {
    const session = await this.store.byTokenHash(tokenHash(token));
    if (!session || !this.stands(session)) return undefined;
    const nowMs = this.clock.nowMs();
    if (nowMs - session.lastSeenAt.getTime() >= TOUCH_EVERY_MS) await this.store.touch(session.id, new Date(nowMs));
    return userOf(session, ip);
  }

  /** Those of the given sessions that stand now, with the role that their account has now. */
  async standing(sessionIds: readonly string[]): Promise<Map<string, SignedInUser>> {
    const sessions = sessionIds.length === 0 ? [] : await this.store.byIds(sessionIds);
    return new Map(sessions.filter((s) => this.stands(s)).map((session) => [session.id, userOf(session, session.ip)]));
  }

  async end(sessionId: string): Promise<void> {
    await this.store.end(sessionId, new Date(this.clock.nowMs()));
    this.tellEnded([sessionId]);
  }

  /**
   * Ends every session of an account inside a transaction. Call the answer after the commit: it closes the sockets.
   * `exceptId` keeps the session of somebody who changes their own password.
   */
  async endAllOf(accountId: string, manager: EntityManager, exceptId?: string): Promise<() => void> {
    const ids = await this.store.endAllOf(accountId, new Date(this.clock.nowMs()), manager, exceptId);
    return () => this.tellEnded(ids);
  }

  /** Forgets sessions that ended longer ago than `sessionKeepMs`. Answers how many. */
  async forgetOld(): Promise<number> {
    const before = new Date(this.clock.nowMs() - this.config.sessionKeepMs);
    return removeInBatches((limit) => this.store.removeEnded(before, this.config.sessionIdleMs, limit));
  }

  /** Hears which sessions this process ends, at once. Answers how to stop. */
  onEnded(listener: (sessionIds: readonly string[]) => void): () => void {
    this.endListeners.add(listener);
    return () => this.endListeners.delete(listener);
  }

  private tellEnded(sessionIds: readonly string[]): void {
    for (const listener of this.endListeners) listener(sessionIds);
  }

  private stands(session: LoginSessionEntity): boolean {
    const nowMs = this.clock.nowMs();
    return (
      session.endedAt === null &&
      session.account.disabledAt === null &&
      session.expiresAt.getTime() > nowMs &&
      session.lastSeenAt.getTime() + this.config.sessionIdleMs > nowMs
    );
  }
}

function userOf(session: Pick<LoginSessionEntity, 'id' | 'account' | 'expiresAt'>, ip: string): SignedInUser {
  const { id: accountId, username, displayName, role } = session.account;
  const expiresAtMs = session.expiresAt.getTime();
  return { sessionId: session.id, accountId, username, displayName, role, ip, expiresAtMs };
}
