import { Column, Entity, JoinColumn, OneToOne, PrimaryColumn, Unique, type Relation } from 'typeorm';
import type { PublisherKind } from '#libs/wire';
import { CameraEntity } from '../cameras/camera.entity.ts';

/** What makes a camera one that sends by itself: a row here beside its row in `camera`. */
@Entity('camera_publisher')
@Unique('camera_publisher_stream_name_key', ['streamName'])
export class PublisherEntity {
  @PrimaryColumn({ name: 'camera_id', type: 'uuid', primaryKeyConstraintName: 'camera_publisher_pkey' })
  cameraId!: string;

  @OneToOne(() => CameraEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'camera_id', foreignKeyConstraintName: 'camera_publisher_camera_id_fkey' })
  camera!: Relation<CameraEntity>;

  @Column({ type: 'text' })
  kind!: PublisherKind;

  /** Who carries it, or which unit: words of the centre. */
  @Column({ type: 'text', nullable: true })
  holder!: string | null;

  /** In the address that the device publishes to. Not a secret. */
  @Column({ name: 'stream_name', type: 'text' })
  streamName!: string;

  /** See `publishKeyHash` in `libs/secret`; null: revoked. */
  @Column({ name: 'key_hash', type: 'bytea', nullable: true })
  keyHash!: Buffer | null;

  /** When the key was given, or taken away. */
  @Column({ name: 'key_changed_at', type: 'timestamptz' })
  keyChangedAt!: Date;
}
