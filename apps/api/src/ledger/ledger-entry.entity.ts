import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * One event. `text` and `hash` are what is chained and verified; the other columns repeat what the text says, so that a
 * query can filter. Written by the ledger's writer alone.
 */
@Entity('ledger_entry')
@Index('ledger_entry_subject', ['subjectType', 'subjectId', 'seq'])
@Index('ledger_entry_kind', ['kind', 'seq'])
@Index('ledger_entry_actor', ['actorId', 'seq'])
@Index('ledger_entry_at', ['at'])
export class LedgerEntryEntity {
  /** A bigint, so pg answers it as text. */
  @PrimaryColumn({ type: 'bigint', primaryKeyConstraintName: 'ledger_entry_pkey' })
  seq!: string;

  @Column({ type: 'timestamptz' })
  at!: Date;

  @Column({ type: 'text' })
  kind!: string;

  @Column({ name: 'subject_type', type: 'text' })
  subjectType!: string;

  @Column({ name: 'subject_id', type: 'text' })
  subjectId!: string;

  @Column({ name: 'actor_id', type: 'text' })
  actorId!: string;

  @Column({ name: 'command_id', type: 'uuid' })
  commandId!: string;

  /** Canonical JSON of the event. */
  @Column({ type: 'text' })
  text!: string;

  /** SHA-256 of `text`, hex. */
  @Column({ type: 'text' })
  hash!: string;
}
