import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How a command ended, so that the same command sent again is answered and not done again. */
@Entity('ledger_command')
export class LedgerCommandEntity {
  @PrimaryColumn({ name: 'command_id', type: 'uuid', primaryKeyConstraintName: 'ledger_command_pkey' })
  commandId!: string;

  /** SHA-256 over actor, name and input: another command under the same id is refused. */
  @Column({ type: 'text' })
  fingerprint!: string;

  @Column({ type: 'timestamptz' })
  at!: Date;

  /** JSON: the value with its sequence numbers, or the refusal. */
  @Column({ type: 'text' })
  outcome!: string;
}
