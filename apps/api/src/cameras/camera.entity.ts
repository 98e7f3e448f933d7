import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { RtspTransport } from '#libs/wire';

/** A camera of the centre. Removed ones stay, without credential or endpoint reference: history names them. */
@Entity('camera')
@Unique('camera_code_key', ['code'])
@Unique('camera_endpoint_reference_key', ['endpointReference'])
@Check('camera_rtsp_transport_check', `rtsp_transport IN ('tcp', 'udp', 'auto')`)
@Check('camera_audio_reason_check', `NOT audio_enabled OR audio_reason IS NOT NULL`)
@Index('camera_serial', ['manufacturer', 'serialNumber'])
export class CameraEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'camera_pkey' })
  id!: string;

  /** Short name on maps and radio, `C-07`. Never given twice. */
  @Column({ type: 'text' })
  code!: string;

  @Column({ type: 'text' })
  name!: string;

  @Column({ type: 'boolean', default: false })
  demonstration!: boolean;

  @Column({ name: 'endpoint_reference', type: 'text', nullable: true })
  endpointReference!: string | null;

  @Column({ name: 'serial_number', type: 'text', nullable: true })
  serialNumber!: string | null;

  @Column({ name: 'mac_address', type: 'text', nullable: true })
  macAddress!: string | null;

  @Column({ type: 'text' })
  manufacturer!: string;

  @Column({ type: 'text' })
  model!: string;

  @Column({ type: 'text' })
  firmware!: string;

  /** Device service, with a literal address and a port; empty for a camera that {@link isPushed}. */
  @Column({ name: 'onvif_url', type: 'text' })
  onvifUrl!: string;

  /** Literal IP address. Everything asked of the camera goes here and nowhere else. Empty for one that {@link isPushed}. */
  @Column({ type: 'text' })
  host!: string;

  /** See {@link CredentialVault}; empty once removed. Read only where a camera is logged in to. */
  @Column({ name: 'credential_sealed', type: 'bytea', select: false })
  credentialSealed!: Buffer;

  /** How the relay asks for its streams. */
  @Column({ name: 'rtsp_transport', type: 'text', default: 'tcp' })
  rtspTransport!: RtspTransport;

  /** See {@link CameraAudioService}. */
  @Column({ name: 'audio_enabled', type: 'boolean', default: false })
  audioEnabled!: boolean;

  /** Why it is enabled; null while it is not. */
  @Column({ name: 'audio_reason', type: 'text', nullable: true })
  audioReason!: string | null;

  @Column({ name: 'latitude_deg', type: 'double precision', nullable: true })
  latitudeDeg!: number | null;

  @Column({ name: 'longitude_deg', type: 'double precision', nullable: true })
  longitudeDeg!: number | null;

  @Column({ name: 'bearing_deg', type: 'double precision', nullable: true })
  bearingDeg!: number | null;

  @Column({ name: 'field_of_view_deg', type: 'double precision', nullable: true })
  fieldOfViewDeg!: number | null;

  @Column({ name: 'range_m', type: 'double precision', nullable: true })
  rangeM!: number | null;

  @Column({ name: 'has_ptz', type: 'boolean' })
  hasPtz!: boolean;

  @Column({ name: 'has_events', type: 'boolean' })
  hasEvents!: boolean;

  /** Its video is pulled always, not only when somebody wants it. */
  @Column({ type: 'boolean', default: true })
  warm!: boolean;

  @Column({ name: 'clock_error_ms', type: 'double precision', nullable: true })
  clockErrorMs!: number | null;

  @Column({ name: 'clock_uncertainty_ms', type: 'double precision', nullable: true })
  clockUncertaintyMs!: number | null;

  @Column({ name: 'clock_measured_at', type: 'timestamptz', nullable: true })
  clockMeasuredAt!: Date | null;

  @Column({ name: 'adopted_at', type: 'timestamptz' })
  adoptedAt!: Date;

  @Column({ name: 'updated_at', type: 'timestamptz' })
  updatedAt!: Date;

  @Column({ name: 'removed_at', type: 'timestamptz', nullable: true })
  removedAt!: Date | null;
}

/** It sends by itself (`publishers/`): there is no device that could be asked, found or logged in to. */
export function isPushed({ onvifUrl }: Pick<CameraEntity, 'onvifUrl'>): boolean {
  return onvifUrl === '';
}
