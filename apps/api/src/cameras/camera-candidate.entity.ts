import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, Unique, type Relation } from 'typeorm';
import type { DiscoveryRunView } from '#libs/wire';
import { CameraEntity } from './camera.entity.ts';

/** A device that answered as ONVIF. It is one row however often and by whatever way it was found. */
@Entity('camera_candidate')
@Unique('camera_candidate_identity_key', ['identity'])
export class CameraCandidateEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'camera_candidate_pkey' })
  id!: string;

  /** `identityOf` of libs/onvif. */
  @Column({ type: 'text' })
  identity!: string;

  @Column({ name: 'endpoint_reference', type: 'text', nullable: true })
  endpointReference!: string | null;

  @Column({ type: 'text' })
  host!: string;

  @Column({ name: 'onvif_url', type: 'text' })
  onvifUrl!: string;

  @Column({ type: 'text' })
  name!: string;

  @Column({ type: 'text' })
  hardware!: string;

  @Column({ type: 'text' })
  location!: string;

  @Column({ name: 'found_by', type: 'text', array: true })
  foundBy!: DiscoveryRunView['kind'][];

  @Column({ name: 'clock_error_ms', type: 'double precision', nullable: true })
  clockErrorMs!: number | null;

  @Column({ name: 'clock_uncertainty_ms', type: 'double precision', nullable: true })
  clockUncertaintyMs!: number | null;

  @Column({ name: 'first_seen_at', type: 'timestamptz' })
  firstSeenAt!: Date;

  @Column({ name: 'last_seen_at', type: 'timestamptz' })
  lastSeenAt!: Date;

  @Column({ name: 'camera_id', type: 'uuid', nullable: true })
  cameraId!: string | null;

  @ManyToOne(() => CameraEntity, { onDelete: 'SET NULL', nullable: true })
  @JoinColumn({ name: 'camera_id', foreignKeyConstraintName: 'camera_candidate_camera_id_fkey' })
  camera!: Relation<CameraEntity> | null;
}
