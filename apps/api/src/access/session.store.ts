import { Injectable } from '@nestjs/common';
import { DataSource, In, IsNull, type EntityManager } from 'typeorm';
import { AccountEntity } from './account.entity.ts';
import { LoginSessionEntity } from './login-session.entity.ts';

/** Queries of login sessions. Rules about who is still signed in live in {@link SessionService}. */
@Injectable()
export class SessionStore {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Adds a session of an account whose password was checked a moment ago. `false`, and nothing is added, when the
   * account was disabled or got another password meanwhile. The shared lock makes such a change wait for this row, so
   * that it ends this session too.
   */
  addFor(account: AccountEntity, session: Omit<LoginSessionEntity, 'account' | 'accountId'>): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      const now = await manager.findOne(AccountEntity, {
        where: { id: account.id },
        lock: { mode: 'pessimistic_read' },
      });
      if (!now || now.disabledAt !== null || +now.passwordChangedAt !== +account.passwordChangedAt) return false;
      await manager.insert(LoginSessionEntity, { ...session, accountId: account.id });
      return true;
    });
  }

  byTokenHash(tokenHash: Buffer): Promise<LoginSessionEntity | null> {
    return this.dataSource.manager.findOne(LoginSessionEntity, { where: { tokenHash }, relations: { account: true } });
  }

  byIds(ids: readonly string[]): Promise<LoginSessionEntity[]> {
    return this.dataSource.manager.find(LoginSessionEntity, {
      where: { id: In([...ids]) },
      relations: { account: true },
    });
  }

  async touch(id: string, at: Date): Promise<void> {
    await this.dataSource.manager.update(LoginSessionEntity, { id }, { lastSeenAt: at });
  }

  /** Ends one session. `false` when it was over already. */
  async end(id: string, at: Date, manager: EntityManager = this.dataSource.manager): Promise<boolean> {
    const result = await manager.update(LoginSessionEntity, { id, endedAt: IsNull() }, { endedAt: at });
    return (result.affected ?? 0) > 0;
  }

  /** Ends every session of an account, but `exceptId` when given. Answers the ids that were ended. */
  async endAllOf(accountId: string, at: Date, manager: EntityManager, exceptId?: string): Promise<string[]> {
    const open = await manager.find(LoginSessionEntity, {
      select: { id: true },
      where: { accountId, endedAt: IsNull() },
    });
    const ids = open.map((session) => session.id).filter((id) => id !== exceptId);
    if (ids.length > 0) await manager.update(LoginSessionEntity, { id: In(ids) }, { endedAt: at });
    return ids;
  }

  /** Whether this account signed in from this address before. */
  signedInFrom(accountId: string, ip: string): Promise<boolean> {
    return this.dataSource.manager.existsBy(LoginSessionEntity, { accountId, ip });
  }

  /** Removes sessions that were over before `before`, at most `limit` at a time; answers how many. */
  async removeEnded(before: Date, idleMs: number, limit: number): Promise<number> {
    const [, count] = (await this.dataSource.query(
      `DELETE FROM login_session WHERE id IN (
         SELECT id FROM login_session
         WHERE LEAST(ended_at, expires_at, last_seen_at + $2 * interval '1 millisecond') < $1 LIMIT $3)`,
      [before, idleMs, limit],
    )) as [unknown, number];
    return count;
  }
}
