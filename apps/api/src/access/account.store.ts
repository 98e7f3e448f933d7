import { Injectable } from '@nestjs/common';
import { DataSource, IsNull, Not, type EntityManager, type SelectQueryBuilder } from 'typeorm';
import { AccountEntity } from './account.entity.ts';

/** Any constant that no other advisory lock of the api takes. */
const ACCOUNT_LOCK = 7_215_400_022;

/** Queries of accounts. The password's hash is read only where a password is checked. */
@Injectable()
export class AccountStore {
  constructor(private readonly dataSource: DataSource) {}

  all(): Promise<AccountEntity[]> {
    return this.dataSource.manager.find(AccountEntity, { order: { username: 'ASC' } });
  }

  byUsernameWithHash(username: string): Promise<AccountEntity | null> {
    return this.withHash().where('account.username = :username', { username }).getOne();
  }

  byIdWithHash(id: string): Promise<AccountEntity | null> {
    return this.withHash().where('account.id = :id', { id }).getOne();
  }

  byId(id: string, manager: EntityManager): Promise<AccountEntity | null> {
    return manager.findOneBy(AccountEntity, { id });
  }

  /**
   * One change of accounts at a time, until the transaction ends: rules over several rows (a name taken, the last
   * administrator) then need no finer locks.
   */
  async lockAll(manager: EntityManager): Promise<void> {
    await manager.query('SELECT pg_advisory_xact_lock($1)', [ACCOUNT_LOCK]);
  }

  /** How many administrators other than this account can sign in. */
  otherAdministrators(id: string, manager: EntityManager): Promise<number> {
    return manager.countBy(AccountEntity, { role: 'administrator', disabledAt: IsNull(), id: Not(id) });
  }

  usernameTaken(username: string, manager: EntityManager): Promise<boolean> {
    return manager.existsBy(AccountEntity, { username });
  }

  private withHash(): SelectQueryBuilder<AccountEntity> {
    return this.dataSource.manager.createQueryBuilder(AccountEntity, 'account').addSelect('account.passwordHash');
  }
}
