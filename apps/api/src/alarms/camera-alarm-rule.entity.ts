import { Column, Entity, JoinColumn, OneToOne, PrimaryColumn, type Relation } from 'typeorm';
import { CameraEntity } from '../cameras/camera.entity.ts';

/** What differs from the centre's rules for one camera. Values are read through `alarmRulesBody`. */
@Entity('camera_alarm_rule')
export class CameraAlarmRuleEntity {
  @PrimaryColumn({ name: 'camera_id', type: 'uuid', primaryKeyConstraintName: 'camera_alarm_rule_pkey' })
  cameraId!: string;

  @OneToOne(() => CameraEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'camera_id', foreignKeyConstraintName: 'camera_alarm_rule_camera_id_fkey' })
  camera!: Relation<CameraEntity>;

  @Column({ type: 'jsonb' })
  cooldown!: unknown;

  @Column({ type: 'jsonb' })
  topics!: unknown;

  @Column({ name: 'updated_at', type: 'timestamptz' })
  updatedAt!: Date;

  @Column({ name: 'updated_by', type: 'uuid', nullable: true })
  updatedBy!: string | null;
}
