import { Column, Entity, Index, JoinColumn, OneToOne, PrimaryColumn, type Relation } from 'typeorm';
import type { ActivityState, CameraState } from '#libs/wire';
import { CameraEntity } from './camera.entity.ts';

/** How a camera is, as the relay that pulls it last said. The relay writes it; the api only reads. */
@Entity('camera_health')
@Index('camera_health_by_revision', ['revision'])
export class CameraHealthEntity {
  @PrimaryColumn({ name: 'camera_id', type: 'uuid', primaryKeyConstraintName: 'camera_health_pkey' })
  cameraId!: string;

  @OneToOne(() => CameraEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'camera_id', foreignKeyConstraintName: 'camera_health_camera_id_fkey' })
  camera!: Relation<CameraEntity>;

  @Column({ name: 'relay_id', type: 'text' })
  relayId!: string;

  @Column({ type: 'text' })
  state!: CameraState;

  @Column({ type: 'timestamptz' })
  since!: Date;

  @Column({ name: 'reason_code', type: 'text', nullable: true })
  reasonCode!: string | null;

  @Column({ name: 'reason_message', type: 'text', nullable: true })
  reasonMessage!: string | null;

  @Column({ type: 'integer', default: 0 })
  reconnects!: number;

  @Column({ name: 'bitrate_kbps', type: 'double precision', nullable: true })
  bitrateKbps!: number | null;

  @Column({ name: 'frames_per_second', type: 'double precision', nullable: true })
  framesPerSecond!: number | null;

  @Column({ name: 'key_frame_interval_ms', type: 'double precision', nullable: true })
  keyFrameIntervalMs!: number | null;

  @Column({ name: 'last_key_frame_at', type: 'timestamptz', nullable: true })
  lastKeyFrameAt!: Date | null;

  /** Of the stream that is always pulled; `null` when it is not scored. */
  @Column({ name: 'activity_state', type: 'text', nullable: true })
  activityState!: ActivityState | null;

  /** Deviations from what is usual in this camera. */
  @Column({ name: 'activity_score', type: 'double precision', nullable: true })
  activityScore!: number | null;

  @Column({ name: 'activity_since', type: 'timestamptz', nullable: true })
  activitySince!: Date | null;
  /** When a camera at rest was last asked; null while it is pulled. */
  @Column({ name: 'checked_at', type: 'timestamptz', nullable: true })
  checkedAt!: Date | null;

  @Column({ name: 'loss_share', type: 'double precision', nullable: true })
  lossShare!: number | null;

  @Column({ name: 'jitter_ms', type: 'double precision', nullable: true })
  jitterMs!: number | null;

  @Column({ name: 'delay_ms', type: 'double precision', nullable: true })
  delayMs!: number | null;

  @Column({ type: 'integer', nullable: true })
  readers!: number | null;

  @Column({ name: 'updated_at', type: 'timestamptz' })
  updatedAt!: Date;

  /** A bigint, so pg answers it as text. Every write takes the next one. */
  @Column({ type: 'bigint', default: () => "nextval('camera_health_revision')" })
  revision!: string;
}
