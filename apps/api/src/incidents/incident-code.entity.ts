import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The last number given to an incident in a year of the centre's calendar. */
@Entity('incident_code')
export class IncidentCodeEntity {
  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'incident_code_pkey' })
  year!: number;

  @Column({ type: 'integer' })
  last!: number;
}
