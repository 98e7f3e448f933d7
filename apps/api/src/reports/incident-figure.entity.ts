import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { Channel, DismissalCause, Disposition, Priority } from '#libs/dispatch';
import type { LifeKind } from '#libs/report';

/** What reports count of one incident: `IncidentFigure` of libs/report. Times are milliseconds after the call. */
@Entity('incident_figure')
@Index('incident_figure_call_at', ['callAt'])
export class IncidentFigureEntity {
  @PrimaryColumn({ name: 'incident_id', type: 'uuid', primaryKeyConstraintName: 'incident_figure_pkey' })
  incidentId!: string;

  @Column({ name: 'call_at', type: 'timestamptz' })
  callAt!: Date;

  @Column({ type: 'text', nullable: true })
  priority!: Priority | null;

  @Column({ name: 'type_code', type: 'text', nullable: true })
  typeCode!: string | null;

  @Column({ name: 'type_group', type: 'text', nullable: true })
  typeGroup!: string | null;

  @Column({ name: 'sector_id', type: 'uuid', nullable: true })
  sectorId!: string | null;

  @Column({ type: 'text' })
  channel!: Channel;

  @Column({ type: 'boolean' })
  masked!: boolean;

  @Column({ name: 'latitude_deg', type: 'double precision', nullable: true })
  latitudeDeg!: number | null;

  @Column({ name: 'longitude_deg', type: 'double precision', nullable: true })
  longitudeDeg!: number | null;

  @Column({ type: 'text' })
  life!: LifeKind;

  @Column({ type: 'text', nullable: true })
  disposition!: Disposition | null;

  @Column({ type: 'text', nullable: true })
  dismissal!: DismissalCause | null;

  @Column({ type: 'boolean' })
  referred!: boolean;

  @Column({ name: 'opened_ms', type: 'double precision' })
  openedMs!: number;

  @Column({ name: 'dispatched_ms', type: 'double precision', nullable: true })
  dispatchedMs!: number | null;

  @Column({ name: 'acknowledged_ms', type: 'double precision', nullable: true })
  acknowledgedMs!: number | null;

  @Column({ name: 'en_route_ms', type: 'double precision', nullable: true })
  enRouteMs!: number | null;

  @Column({ name: 'arrived_ms', type: 'double precision', nullable: true })
  arrivedMs!: number | null;

  @Column({ name: 'referral_taken_ms', type: 'double precision', nullable: true })
  referralTakenMs!: number | null;

  @Column({ name: 'ended_ms', type: 'double precision', nullable: true })
  endedMs!: number | null;

  @Column({ name: 'closed_ms', type: 'double precision', nullable: true })
  closedMs!: number | null;
}
