import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import type { AlarmEnd, AlarmKind, AlarmSource } from '#libs/wire';
import { CameraEntity } from '../cameras/camera.entity.ts';

/** One alarm of a camera. Ids grow with time (UUIDv7), so that history is read in their order. */
@Entity('camera_alarm')
@Index('camera_alarm_open', ['cameraId', 'kind'], { where: 'ended_at IS NULL' })
@Index('camera_alarm_waiting', ['startedAt'], { where: 'raised AND acknowledged_at IS NULL' })
@Index('camera_alarm_of_camera', ['cameraId', 'id'])
@Index('camera_alarm_ended', ['endedAt'])
export class CameraAlarmEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'camera_alarm_pkey' })
  id!: string;

  @Column({ name: 'camera_id', type: 'uuid' })
  cameraId!: string;

  @ManyToOne(() => CameraEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'camera_id', foreignKeyConstraintName: 'camera_alarm_camera_id_fkey' })
  camera!: Relation<CameraEntity>;

  @Column({ type: 'text' })
  kind!: AlarmKind;

  @Column({ type: 'text' })
  source!: AlarmSource;

  @Column({ type: 'text' })
  detail!: string;

  @Column({ type: 'boolean' })
  raised!: boolean;

  @Column({ name: 'started_at', type: 'timestamptz' })
  startedAt!: Date;

  @Column({ name: 'last_seen_at', type: 'timestamptz' })
  lastSeenAt!: Date;

  @Column({ name: 'ended_at', type: 'timestamptz', nullable: true })
  endedAt!: Date | null;

  @Column({ name: 'end_cause', type: 'text', nullable: true })
  endCause!: AlarmEnd | null;

  @Column({ type: 'integer', default: 0 })
  repeats!: number;

  @Column({ name: 'acknowledged_at', type: 'timestamptz', nullable: true })
  acknowledgedAt!: Date | null;

  /** Account; it may be gone, its name stays. */
  @Column({ name: 'acknowledged_by', type: 'uuid', nullable: true })
  acknowledgedBy!: string | null;

  @Column({ name: 'acknowledged_name', type: 'text', nullable: true })
  acknowledgedName!: string | null;

  @Column({ type: 'text', nullable: true })
  note!: string | null;

  /** The incident that was made of it, and its code. */
  @Column({ name: 'incident_id', type: 'uuid', nullable: true })
  incidentId!: string | null;

  @Column({ name: 'incident_code', type: 'text', nullable: true })
  incidentCode!: string | null;
}
