import { Column, Entity, Index, JoinColumn, OneToOne, PrimaryColumn, type Relation } from 'typeorm';
import { CameraEntity } from './camera.entity.ts';

/** Which relay may pull a camera, and until when by the database's clock. The relays write it; the api only reads. */
@Entity('camera_lease')
@Index('camera_lease_relay', ['relayId'])
export class CameraLeaseEntity {
  @PrimaryColumn({ name: 'camera_id', type: 'uuid', primaryKeyConstraintName: 'camera_lease_pkey' })
  cameraId!: string;

  @OneToOne(() => CameraEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'camera_id', foreignKeyConstraintName: 'camera_lease_camera_id_fkey' })
  camera!: Relation<CameraEntity>;

  @Column({ name: 'relay_id', type: 'text' })
  relayId!: string;

  @Column({ type: 'timestamptz' })
  until!: Date;
}
