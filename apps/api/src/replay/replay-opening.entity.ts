import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Leave of one person to look back at one stretch of time. The audit holds the same for good. */
@Entity('replay_opening')
@Index('replay_opening_expires', ['expiresAt'])
export class ReplayOpeningEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'replay_opening_pkey' })
  id!: string;

  @Column({ name: 'account_id', type: 'uuid' })
  accountId!: string;

  @Column({ name: 'opened_at', type: 'timestamptz' })
  openedAt!: Date;

  @Column({ name: 'expires_at', type: 'timestamptz' })
  expiresAt!: Date;

  @Column({ name: 'from_at', type: 'timestamptz' })
  fromAt!: Date;

  @Column({ name: 'to_at', type: 'timestamptz' })
  toAt!: Date;

  @Column({ name: 'incident_id', type: 'uuid', nullable: true })
  incidentId!: string | null;

  @Column({ type: 'text' })
  reason!: string;
}
