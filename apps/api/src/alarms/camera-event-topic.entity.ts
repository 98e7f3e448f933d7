import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { CameraEntity } from '../cameras/camera.entity.ts';

/** A topic that a camera has spoken of, so that somebody can say what it means. At most `MAX_CAMERA_TOPICS` of each. */
@Entity('camera_event_topic')
export class CameraEventTopicEntity {
  @PrimaryColumn({ name: 'camera_id', type: 'uuid', primaryKeyConstraintName: 'camera_event_topic_pkey' })
  cameraId!: string;

  @ManyToOne(() => CameraEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'camera_id', foreignKeyConstraintName: 'camera_event_topic_camera_id_fkey' })
  camera!: Relation<CameraEntity>;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'camera_event_topic_pkey' })
  topic!: string;

  @Column({ type: 'text' })
  items!: string;

  @Column({ type: 'integer' })
  times!: number;

  @Column({ name: 'last_seen_at', type: 'timestamptz' })
  lastSeenAt!: Date;
}
