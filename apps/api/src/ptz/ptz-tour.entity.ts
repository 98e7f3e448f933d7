import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import type { PtzTourBody } from '#libs/wire';
import { CameraEntity } from '../cameras/camera.entity.ts';

/** A round of presets of one camera. At most one of a camera's is told to run. */
@Entity('ptz_tour')
@Index('ptz_tour_camera', ['cameraId'])
@Index('ptz_tour_started', ['cameraId'], { unique: true, where: 'started_at IS NOT NULL' })
export class PtzTourEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'ptz_tour_pkey' })
  id!: string;

  @Column({ name: 'camera_id', type: 'uuid' })
  cameraId!: string;

  @ManyToOne(() => CameraEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'camera_id', foreignKeyConstraintName: 'ptz_tour_camera_id_fkey' })
  camera!: Relation<CameraEntity>;

  @Column({ type: 'text' })
  name!: string;

  @Column({ type: 'jsonb' })
  steps!: PtzTourBody['steps'];

  /** Since when it has been told to run; it goes on after a restart of the api. */
  @Column({ name: 'started_at', type: 'timestamptz', nullable: true })
  startedAt!: Date | null;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Column({ name: 'updated_at', type: 'timestamptz' })
  updatedAt!: Date;
}
