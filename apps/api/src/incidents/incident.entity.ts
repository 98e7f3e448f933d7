import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { Channel, Incident, IncidentStatus, Priority } from '#libs/dispatch';

/**
 * One incident. `state` is what libs/dispatch decides by; the other columns repeat of it what queries filter by. Written
 * together, from the events of the ledger alone (`dispatch/board-rows.ts`).
 */
@Entity('incident')
@Index('incident_code_unique', ['code'], { unique: true })
@Index('incident_live', ['callAt'], { where: 'live' })
@Index('incident_call_at', ['callAt', 'id'])
export class IncidentEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'incident_pkey' })
  id!: string;

  /** `2026-000123`: year and number of the centre. */
  @Column({ type: 'text' })
  code!: string;

  @Column({ type: 'text' })
  status!: IncidentStatus;

  /** Open or controlled. */
  @Column({ type: 'boolean' })
  live!: boolean;

  @Column({ type: 'boolean' })
  masked!: boolean;

  @Column({ type: 'text', nullable: true })
  priority!: Priority | null;

  @Column({ name: 'type_code', type: 'text', nullable: true })
  typeCode!: string | null;

  @Column({ type: 'text' })
  channel!: Channel;

  @Column({ name: 'camera_id', type: 'uuid', nullable: true })
  cameraId!: string | null;

  @Column({ name: 'sector_id', type: 'uuid', nullable: true })
  sectorId!: string | null;

  @Column({ name: 'latitude_deg', type: 'double precision', nullable: true })
  latitudeDeg!: number | null;

  @Column({ name: 'longitude_deg', type: 'double precision', nullable: true })
  longitudeDeg!: number | null;

  @Column({ name: 'call_at', type: 'timestamptz' })
  callAt!: Date;

  @Column({ name: 'opened_at', type: 'timestamptz' })
  openedAt!: Date;

  /** Account. */
  @Column({ name: 'opened_by', type: 'text' })
  openedBy!: string;

  @Column({ name: 'updated_at', type: 'timestamptz' })
  updatedAt!: Date;

  /** Number in the ledger of the last event that changed it. A bigint, so pg answers it as text. */
  @Column({ type: 'bigint' })
  revision!: string;

  @Column({ type: 'jsonb' })
  state!: Incident;
}
