import { Inject, Injectable } from '@nestjs/common';
import { DataSource, In, type EntityManager } from 'typeorm';
import { RefusalError, uuidV7 } from '#libs/base';
import { shiftRefusal } from '#libs/shift';
import type { ChangeStaffBody, CreateStaffBody, StaffView } from '#libs/wire';
import { AccountEntity } from '../access/account.entity.ts';
import type { SignedInUser } from '../access/signed-in.ts';
import { AuditService } from '../audit/audit.service.ts';
import { CLOCK, type Clock } from '../clock.ts';
import { StaffMemberEntity } from './staff-member.entity.ts';

/** A municipality of this size has some hundred serenos; those who left stay for history. */
const MAX_STAFF = 2_000;

/** Who can be put on a roster: everybody with an account that is not disabled, and those who are kept here. */
@Injectable()
export class StaffService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly audit: AuditService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async list(): Promise<StaffView[]> {
    const { manager } = this.dataSource;
    const [accounts, members] = await Promise.all([manager.find(AccountEntity), manager.find(StaffMemberEntity)]);
    return viewsOf(accounts, members).sort((a, b) => a.name.localeCompare(b.name, 'es'));
  }

  /** Those of these ids who work here, by id. */
  async named(ids: readonly string[], manager: EntityManager): Promise<Map<string, StaffView>> {
    const accounts = await manager.findBy(AccountEntity, { id: In([...ids]) });
    const members = await manager.findBy(StaffMemberEntity, { id: In([...ids]) });
    const views = viewsOf(accounts, members);
    return new Map(views.filter(({ left }) => !left).map((view) => [view.id, view]));
  }

  /** @throws {RefusalError} `staff-full`, `staff-name-taken`. */
  async create({ name, phone }: CreateStaffBody, by: SignedInUser): Promise<StaffView> {
    const now = new Date(this.clock.nowMs());
    const member = { id: uuidV7(this.clock.nowMs()), name, phone, createdAt: now, updatedAt: now, leftAt: null };
    await this.dataSource.transaction(async (manager) => {
      if ((await manager.count(StaffMemberEntity)) >= MAX_STAFF)
        throw new RefusalError(shiftRefusal('staff-full', `at most ${MAX_STAFF} people are kept`));
      await refuseTwin(name, member.id, manager);
      await manager.insert(StaffMemberEntity, member);
      await this.record('create', member.id, { name }, by, manager);
    });
    return viewOfMember(member);
  }

  /** @throws {RefusalError} `staff-unknown`, `staff-name-taken`. */
  async change(id: string, change: ChangeStaffBody, by: SignedInUser): Promise<StaffView> {
    return this.dataSource.transaction(async (manager) => {
      const account = await manager.findOneBy(AccountEntity, { id });
      const before = await manager.findOne(StaffMemberEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
      if (!account && !before) throw new RefusalError(shiftRefusal('staff-unknown', 'there is no such person'));
      const now = new Date(this.clock.nowMs());
      if (change.name !== undefined) await refuseTwin(change.name, id, manager);
      const after: StaffMemberEntity = {
        id,
        name: change.name ?? before?.name ?? account?.displayName ?? '',
        phone: change.phone === undefined ? (before?.phone ?? null) : change.phone,
        createdAt: before?.createdAt ?? now,
        updatedAt: now,
        leftAt: change.left === undefined ? (before?.leftAt ?? null) : change.left ? (before?.leftAt ?? now) : null,
      };
      await manager.save(StaffMemberEntity, after);
      await this.record('change', id, { name: after.name, fields: Object.keys(change) }, by, manager);
      return viewsOf(account ? [account] : [], [after])[0]!;
    });
  }

  private record(
    verb: 'create' | 'change',
    id: string,
    details: Record<string, unknown>,
    by: SignedInUser,
    manager: EntityManager,
  ): Promise<void> {
    const what = { action: `staff:${verb}`, objectKind: 'staff', objectId: id, outcome: 'done', details } as const;
    return this.audit.record(what, by, manager);
  }
}

/** Two people of one name cannot be told apart on a roster. */
async function refuseTwin(name: string, id: string, manager: EntityManager): Promise<void> {
  const twins = await manager.query<unknown[]>(
    `SELECT 1 FROM staff_member WHERE lower(name) = lower($1) AND id <> $2 AND left_at IS NULL
     UNION SELECT 1 FROM account WHERE lower(display_name) = lower($1) AND id <> $2 AND disabled_at IS NULL`,
    [name, id],
  );
  if (twins.length > 0) throw new RefusalError(shiftRefusal('staff-name-taken', 'somebody has this name already'));
}

function viewsOf(accounts: readonly AccountEntity[], members: readonly StaffMemberEntity[]): StaffView[] {
  const byId = new Map(members.map((member) => [member.id, member]));
  const withAccount = accounts.map(({ id, displayName, disabledAt }) => {
    const member = byId.get(id);
    byId.delete(id);
    const left = disabledAt !== null || (member?.leftAt ?? null) !== null;
    return { id, name: displayName, hasAccount: true, phone: member?.phone ?? null, left };
  });
  return [...withAccount, ...[...byId.values()].map(viewOfMember)];
}

function viewOfMember({ id, name, phone, leftAt }: StaffMemberEntity): StaffView {
  return { id, name, hasAccount: false, phone, left: leftAt !== null };
}
