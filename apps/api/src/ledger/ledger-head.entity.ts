import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A signed head: the installation's key vouches for every entry up to `seq`. */
@Entity('ledger_head')
export class LedgerHeadEntity {
  @PrimaryColumn({ type: 'bigint', primaryKeyConstraintName: 'ledger_head_pkey' })
  seq!: string;

  @PrimaryColumn({ name: 'key_id', type: 'text', primaryKeyConstraintName: 'ledger_head_pkey' })
  keyId!: string;

  @Column({ type: 'text' })
  hash!: string;

  @Column({ type: 'timestamptz' })
  at!: Date;

  @Column({ type: 'text' })
  signature!: string;
}
