import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { SignedInUser } from '../access/signed-in.ts';
import { CLOCK, type Clock } from '../clock.ts';
import { AuditEntryEntity, type AuditOutcome } from './audit-entry.entity.ts';

/** What happened. `details` is shown to auditors: it never holds a password, a token or a ticket. */
export interface AuditRecord {
  /** `noun:verb`, such as `session:start` or `camera:adopt`. */
  readonly action: string;
  readonly objectKind?: string;
  readonly objectId?: string;
  readonly outcome: AuditOutcome;
  /** Code of the refusal, when it was refused or failed. */
  readonly code?: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Who did it, as far as it is known: a login that fails has an address and nothing more. */
export type AuditActor = Partial<Pick<SignedInUser, 'accountId' | 'username' | 'role' | 'ip'>>;

/** Writes the audit table. Nothing in the api changes or removes a line. */
@Injectable()
export class AuditService {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Adds one line. Pass the `manager` of the transaction that makes the change, so that both happen or neither does.
   * Rejects when the line cannot be written: what cannot be accounted for is not done.
   */
  async record(what: AuditRecord, who?: AuditActor, manager: EntityManager = this.dataSource.manager): Promise<void> {
    await manager.insert(AuditEntryEntity, {
      at: new Date(this.clock.nowMs()),
      accountId: who?.accountId ?? null,
      accountName: who?.username ?? null,
      role: who?.role ?? null,
      action: what.action,
      objectKind: what.objectKind ?? null,
      objectId: what.objectId ?? null,
      outcome: what.outcome,
      code: what.code ?? null,
      ip: who?.ip ?? null,
      // TypeORM's type of a partial row has no words for free JSON.
      details: { ...what.details } as Record<string, never>,
    });
  }
}
