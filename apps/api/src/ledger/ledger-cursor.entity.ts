import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How far a durable reader (webhooks, a feed) has come. */
@Entity('ledger_cursor')
export class LedgerCursorEntity {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'ledger_cursor_pkey' })
  name!: string;

  /** The last event that was dealt with; 0 before the first. */
  @Column({ type: 'bigint' })
  seq!: string;

  @Column({ name: 'updated_at', type: 'timestamptz' })
  updatedAt!: Date;
}
