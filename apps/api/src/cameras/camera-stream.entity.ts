import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import type { Codec, StreamRole } from '#libs/wire';
import { CameraEntity } from './camera.entity.ts';

/** What the relay pulls from a camera: one row per role. */
@Entity('camera_stream')
export class CameraStreamEntity {
  @PrimaryColumn({ name: 'camera_id', type: 'uuid', primaryKeyConstraintName: 'camera_stream_pkey' })
  cameraId!: string;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'camera_stream_pkey' })
  role!: StreamRole;

  @ManyToOne(() => CameraEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'camera_id', foreignKeyConstraintName: 'camera_stream_camera_id_fkey' })
  camera!: Relation<CameraEntity>;

  @Column({ name: 'profile_token', type: 'text' })
  profileToken!: string;

  /** Without a login, at the camera's own host. */
  @Column({ type: 'text' })
  uri!: string;

  @Column({ type: 'text' })
  codec!: Codec;

  @Column({ name: 'width_px', type: 'integer' })
  widthPx!: number;

  @Column({ name: 'height_px', type: 'integer' })
  heightPx!: number;

  @Column({ name: 'frames_per_second', type: 'double precision', nullable: true })
  framesPerSecond!: number | null;

  @Column({ name: 'bitrate_kbps', type: 'integer', nullable: true })
  bitrateKbps!: number | null;
}
