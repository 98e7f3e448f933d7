import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What an administrator set at run time: one row per setting, the value as JSON. */
@Entity('setting')
export class SettingEntity {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'setting_pkey' })
  key!: string;

  /** Read through a schema of its owner: a row that somebody edited by hand is hostile until parsed. */
  @Column({ type: 'jsonb' })
  value!: unknown;

  @Column({ name: 'updated_at', type: 'timestamptz' })
  updatedAt!: Date;

  /** Account that set it; it may be gone. */
  @Column({ name: 'updated_by', type: 'uuid', nullable: true })
  updatedBy!: string | null;
}
