import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Who gave a reason to see what a mask hides, and until when that holds. The reason is in the ledger and the audit. */
@Entity('incident_unmask')
@Index('incident_unmask_until', ['untilAt'])
export class IncidentUnmaskEntity {
  @PrimaryColumn({ name: 'incident_id', type: 'uuid', primaryKeyConstraintName: 'incident_unmask_pkey' })
  incidentId!: string;

  @PrimaryColumn({ name: 'account_id', type: 'text', primaryKeyConstraintName: 'incident_unmask_pkey' })
  accountId!: string;

  @Column({ name: 'until_at', type: 'timestamptz' })
  untilAt!: Date;
}
