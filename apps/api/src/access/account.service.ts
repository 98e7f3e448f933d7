import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { RefusalError, refusal, uuidV7 } from '#libs/base';
import type { AccountView, ChangeAccountBody, ChangeOwnPasswordBody, CreateAccountBody } from '#libs/wire';
import { AuditService } from '../audit/audit.service.ts';
import { RefusalAuditService } from '../audit/refusal-audit.service.ts';
import { CLOCK, type Clock } from '../clock.ts';
import { AccountEntity } from './account.entity.ts';
import { AccountStore } from './account.store.ts';
import { PasswordService } from './password.service.ts';
import { SessionService } from './session.service.ts';
import type { SignedInUser } from './signed-in.ts';

/** Makes and changes accounts. A new role, a new password or a disabled account ends the account's sessions. */
@Injectable()
export class AccountService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly store: AccountStore,
    private readonly sessions: SessionService,
    private readonly passwords: PasswordService,
    private readonly audit: AuditService,
    private readonly refusals: RefusalAuditService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async list(): Promise<AccountView[]> {
    return (await this.store.all()).map(viewOf);
  }

  /** @throws {RefusalError} `username-taken`. */
  async create(body: CreateAccountBody, by: SignedInUser): Promise<AccountView> {
    const account = newAccount(body, await this.passwords.hash(body.password), this.clock.nowMs());
    await this.dataSource.transaction(async (manager) => {
      await this.store.lockAll(manager);
      if (await this.store.usernameTaken(body.username, manager)) throw usernameTaken(body.username);
      await manager.insert(AccountEntity, account);
      const { username, role } = account;
      await this.record('account:create', account.id, by, manager, { username, role });
    });
    return viewOf(account);
  }

  /** @throws {RefusalError} `account-unknown`, `last-administrator`. */
  async change(id: string, body: ChangeAccountBody, by: SignedInUser): Promise<AccountView> {
    const passwordHash = body.password === undefined ? undefined : await this.passwords.hash(body.password);
    const done = await this.dataSource.transaction(async (manager) => {
      await this.store.lockAll(manager);
      const before = await this.store.byId(id, manager);
      if (!before) throw new RefusalError(refusal('not-found', 'account-unknown', 'there is no such account'));
      const after = this.changed(before, body);
      await this.keepAnAdministrator(before, after, manager);
      await manager.update(AccountEntity, { id }, columnsOf(after, passwordHash));
      await this.record('account:change', id, by, manager, summaryOf(before, after, body));
      const endsSessions = passwordHash !== undefined || after.role !== before.role || after.disabledAt !== null;
      return { after, close: endsSessions ? await this.sessions.endAllOf(id, manager) : undefined };
    });
    done.close?.();
    return viewOf(done.after);
  }

  /**
   * Somebody's own password. Their other sessions end, this one goes on. Wrong guesses count as failed logins do: a
   * stolen session must not be a way to guess.
   * @throws {RefusalError} `password-wrong`, `too-many-logins`.
   */
  async changeOwnPassword(body: ChangeOwnPasswordBody, by: SignedInUser): Promise<void> {
    const account = await this.store.byIdWithHash(by.accountId);
    const typed = { username: by.username, password: body.currentPassword, ip: by.ip, knownPlace: true };
    const attempt = await this.passwords.check(account?.passwordHash, typed);
    if (!attempt) {
      const code = 'password-wrong';
      await this.refusals.record({ action: 'account:password', outcome: 'refused', code }, by);
      throw new RefusalError(refusal('forbidden', code, 'the current password is wrong'));
    }
    attempt.succeeded();
    const passwordHash = await this.passwords.hash(body.newPassword);
    const close = await this.dataSource.transaction(async (manager) => {
      const passwordChangedAt = new Date(this.clock.nowMs());
      await manager.update(AccountEntity, { id: by.accountId }, { passwordHash, passwordChangedAt });
      await this.record('account:password', by.accountId, by, manager, {});
      return this.sessions.endAllOf(by.accountId, manager, by.sessionId);
    });
    close();
  }

  private changed(before: AccountEntity, body: ChangeAccountBody): AccountEntity {
    const now = new Date(this.clock.nowMs());
    const disabledAt =
      body.disabled === undefined ? before.disabledAt : body.disabled ? (before.disabledAt ?? now) : null;
    const passwordChangedAt = body.password === undefined ? before.passwordChangedAt : now;
    const { displayName = before.displayName, role = before.role } = body;
    return { ...before, displayName, role, disabledAt, passwordChangedAt };
  }

  /** A centre that nobody can administer any more would need hands in its database. */
  private async keepAnAdministrator(
    before: AccountEntity,
    after: AccountEntity,
    manager: EntityManager,
  ): Promise<void> {
    if (!canAdminister(before) || canAdminister(after)) return;
    if ((await this.store.otherAdministrators(before.id, manager)) > 0) return;
    throw new RefusalError(
      refusal('conflict', 'last-administrator', 'the last administrator keeps the role and stays enabled'),
    );
  }

  private record(
    action: string,
    objectId: string,
    by: SignedInUser,
    manager: EntityManager,
    details: Record<string, unknown>,
  ): Promise<void> {
    return this.audit.record({ action, objectKind: 'account', objectId, outcome: 'done', details }, by, manager);
  }
}

export function newAccount(
  body: Pick<CreateAccountBody, 'username' | 'displayName' | 'role'>,
  passwordHash: string,
  nowMs: number,
): AccountEntity {
  const now = new Date(nowMs);
  const { username, displayName, role } = body;
  return {
    id: uuidV7(nowMs),
    username,
    displayName,
    role,
    passwordHash,
    createdAt: now,
    passwordChangedAt: now,
    disabledAt: null,
  };
}

function canAdminister(account: AccountEntity): boolean {
  return account.role === 'administrator' && account.disabledAt === null;
}

function columnsOf(after: AccountEntity, passwordHash: string | undefined): Partial<AccountEntity> {
  const { displayName, role, disabledAt, passwordChangedAt } = after;
  const plain = { displayName, role, disabledAt, passwordChangedAt };
  return passwordHash === undefined ? plain : { ...plain, passwordHash };
}

/** What changed, from what to what; of a password only that it did. */
function summaryOf(before: AccountEntity, after: AccountEntity, body: ChangeAccountBody): Record<string, unknown> {
  const details: Record<string, unknown> = { username: before.username };
  if (after.displayName !== before.displayName) details['displayName'] = [before.displayName, after.displayName];
  if (after.role !== before.role) details['role'] = [before.role, after.role];
  if (body.password !== undefined) details['password'] = 'changed';
  if ((after.disabledAt === null) !== (before.disabledAt === null)) details['disabled'] = after.disabledAt !== null;
  return details;
}

function usernameTaken(username: string): RefusalError {
  return new RefusalError(refusal('conflict', 'username-taken', `the username ${username} is taken`, { username }));
}

function viewOf(account: AccountEntity): AccountView {
  return {
    id: account.id,
    username: account.username,
    displayName: account.displayName,
    role: account.role,
    createdAtMs: account.createdAt.getTime(),
    disabledAtMs: account.disabledAt?.getTime() ?? null,
  };
}
