import { Injectable } from '@nestjs/common';
import { RefusalError, refusal } from '#libs/base';
import type { SignInBody } from '#libs/wire';
import { AuditService } from '../audit/audit.service.ts';
import { RefusalAuditService } from '../audit/refusal-audit.service.ts';
import type { AccountEntity } from './account.entity.ts';
import { AccountStore } from './account.store.ts';
import { PasswordService } from './password.service.ts';
import { SessionService, type StartedSession } from './session.service.ts';
import { SessionStore } from './session.store.ts';
import type { SignedInUser } from './signed-in.ts';

/** Where a login comes from. */
export interface Origin {
  readonly ip: string;
  readonly userAgent: string;
}

/** Checks passwords and opens and closes sessions; every try is in the audit. */
@Injectable()
export class SignInService {
  constructor(
    private readonly accounts: AccountStore,
    private readonly sessionStore: SessionStore,
    private readonly sessions: SessionService,
    private readonly passwords: PasswordService,
    private readonly audit: AuditService,
    private readonly refusals: RefusalAuditService,
  ) {}

  /**
   * @throws {RefusalError} `login-wrong` (the same for an unknown name, a wrong password and a disabled account),
   * `too-many-logins`, `sign-in-busy`.
   */
  async signIn({ username, password }: SignInBody, from: Origin): Promise<StartedSession> {
    const account = await this.accounts.byUsernameWithHash(username);
    try {
      const started = await this.tryPassword(account, { username, password }, from);
      await this.audit.record({ action: 'session:start', outcome: 'done', objectKind: 'session' }, started.user);
      return started;
    } catch (thrown) {
      if (thrown instanceof RefusalError) await this.auditRefusal(thrown.refusal.code, username, account, from);
      throw thrown;
    }
  }

  async signOut(user: SignedInUser): Promise<void> {
    await this.sessions.end(user.sessionId);
    await this.audit.record({ action: 'session:end', outcome: 'done', objectKind: 'session' }, user);
  }

  private async tryPassword(account: AccountEntity | null, given: SignInBody, from: Origin): Promise<StartedSession> {
    const knownPlace = account !== null && (await this.sessionStore.signedInFrom(account.id, from.ip));
    const attempt = await this.passwords.check(account?.passwordHash, { ...given, ip: from.ip, knownPlace });
    if (!attempt || !account || account.disabledAt !== null) throw wrongLogin();
    const started = await this.sessions.start(account, from.ip, from.userAgent);
    if (!started) throw wrongLogin();
    attempt.succeeded();
    return started;
  }

  /** Names the account only when it exists: what somebody typed into the wrong field may be a password. */
  private auditRefusal(code: string, username: string, account: AccountEntity | null, from: Origin): Promise<void> {
    const who = account ? { accountId: account.id, username, role: account.role, ip: from.ip } : { ip: from.ip };
    const details = { knownAccount: account !== null };
    return this.refusals.record({ action: 'session:start', outcome: 'refused', code, details }, who);
  }
}

function wrongLogin(): RefusalError {
  return new RefusalError(refusal('not-signed-in', 'login-wrong', 'the username or the password is wrong'));
}
