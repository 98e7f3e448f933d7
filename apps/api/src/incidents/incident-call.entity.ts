import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Who called when about what: the caller's history is read from here. A merged incident keeps its own calls. */
@Entity('incident_call')
@Index('incident_call_phone', ['phone', 'receivedAt'])
export class IncidentCallEntity {
  @PrimaryColumn({ name: 'incident_id', type: 'uuid', primaryKeyConstraintName: 'incident_call_pkey' })
  incidentId!: string;

  @PrimaryColumn({ name: 'call_id', type: 'uuid', primaryKeyConstraintName: 'incident_call_pkey' })
  callId!: string;

  /** As `normalisePhone` of libs/dispatch has it; `null` when withheld. */
  @Column({ type: 'text', nullable: true })
  phone!: string | null;

  @Column({ name: 'received_at', type: 'timestamptz' })
  receivedAt!: Date;
}
