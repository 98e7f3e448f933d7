import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { Handover } from '#libs/shift';

/** The book of one shift. A draft lives here alone; signatures and the hash of what was signed are in the ledger. */
@Entity('handover')
@Index('handover_start', ['startAt'])
export class HandoverEntity {
  @PrimaryColumn({ name: 'shift_id', type: 'text', primaryKeyConstraintName: 'handover_pkey' })
  shiftId!: string;

  @Column({ name: 'start_at', type: 'timestamptz' })
  startAt!: Date;

  @Column({ type: 'text' })
  status!: Handover['state']['kind'];

  /** Number in the ledger of the event by which it was signed. */
  @Column({ name: 'signed_seq', type: 'bigint', nullable: true })
  signedSeq!: string | null;

  @Column({ name: 'updated_at', type: 'timestamptz' })
  updatedAt!: Date;

  @Column({ type: 'jsonb' })
  state!: Handover;
}
