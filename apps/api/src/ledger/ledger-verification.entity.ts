import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { Verdict } from '#libs/ledger';

/** One verification of the whole ledger that somebody asked for, and what it found. */
@Entity('ledger_verification')
@Index('ledger_verification_finished', ['finishedAt'])
export class LedgerVerificationEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'ledger_verification_pkey' })
  id!: string;

  @Column({ name: 'started_at', type: 'timestamptz' })
  startedAt!: Date;

  @Column({ name: 'finished_at', type: 'timestamptz' })
  finishedAt!: Date;

  /** Name of the account at the time. */
  @Column({ name: 'requested_by', type: 'text' })
  requestedBy!: string;

  @Column({ type: 'jsonb' })
  verdict!: Verdict;
}
