import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { IncidentType } from '#libs/dispatch';

/** One row of the catalogue of incident types. It is edited and switched off; the database refuses to remove one. */
@Entity('incident_type')
export class IncidentTypeEntity implements IncidentType {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'incident_type_pkey' })
  code!: string;

  /** In lists. */
  @Column({ type: 'integer' })
  position!: number;

  @Column({ name: 'group_code', type: 'text' })
  group!: IncidentType['group'];

  @Column({ type: 'text' })
  name!: string;

  @Column({ type: 'text' })
  priority!: IncidentType['priority'];

  @Column({ type: 'jsonb' })
  agencies!: IncidentType['agencies'];

  @Column({ name: 'every_agency', type: 'boolean' })
  everyAgency!: boolean;

  @Column({ name: 'unit_kinds', type: 'jsonb' })
  unitKinds!: IncidentType['unitKinds'];

  @Column({ name: 'every_unit', type: 'boolean' })
  everyUnit!: boolean;

  @Column({ type: 'jsonb' })
  skills!: IncidentType['skills'];

  @Column({ type: 'jsonb' })
  instructions!: IncidentType['instructions'];

  @Column({ type: 'boolean' })
  masked!: boolean;

  @Column({ type: 'boolean' })
  video!: boolean;

  @Column({ type: 'boolean' })
  edan!: boolean;

  @Column({ type: 'boolean' })
  enabled!: boolean;

  @Column({ type: 'jsonb' })
  words!: IncidentType['words'];

  /** What to ask and say, as the centre wrote it. */
  @Column({ type: 'text', default: '' })
  protocol!: string;

  @Column({ name: 'updated_at', type: 'timestamptz' })
  updatedAt!: Date;
}
