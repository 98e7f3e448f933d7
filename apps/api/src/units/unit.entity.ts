import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Unit, UnitKind, UnitStatus } from '#libs/dispatch';

/**
 * One crew and its vehicle. `state` is what libs/dispatch decides by; the other columns repeat of it what queries filter
 * by. Written together, from the events of the ledger alone. Where it is, is no business of this row: it moves each second.
 * (The call sign is unique among units that are not retired, whatever its case: index `unit_call_sign`.)
 */
@Entity('unit')
export class UnitEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'unit_pkey' })
  id!: string;

  @Column({ name: 'call_sign', type: 'text' })
  callSign!: string;

  @Column({ type: 'text' })
  kind!: UnitKind;

  @Column({ type: 'text' })
  status!: UnitStatus;

  @Column({ name: 'on_duty', type: 'boolean' })
  onDuty!: boolean;

  @Column({ name: 'in_emergency', type: 'boolean' })
  inEmergency!: boolean;

  @Column({ name: 'attends_incident_id', type: 'uuid', nullable: true })
  attendsIncidentId!: string | null;

  @Column({ name: 'sector_id', type: 'uuid', nullable: true })
  sectorId!: string | null;

  @Column({ name: 'retired_at', type: 'timestamptz', nullable: true })
  retiredAt!: Date | null;

  @Column({ name: 'updated_at', type: 'timestamptz' })
  updatedAt!: Date;

  /** Number in the ledger of the last event that changed it. A bigint, so pg answers it as text. */
  @Column({ type: 'bigint' })
  revision!: string;

  @Column({ type: 'jsonb' })
  state!: Unit;
}
