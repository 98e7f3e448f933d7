import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Ring, RiskLevel } from '#libs/wire';

/** An area with a risk level. Removed ones stay for history. */
@Entity('zone')
export class ZoneEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'zone_pkey' })
  id!: string;

  @Column({ type: 'text' })
  name!: string;

  @Column({ name: 'risk_level', type: 'text' })
  riskLevel!: RiskLevel;

  /** One outline as `checkRing` of libs/geo answers it: closed, simple, counter-clockwise. */
  @Column({ type: 'jsonb' })
  polygon!: Ring;

  @Column({ type: 'text', default: '' })
  notes!: string;

  @Column({ type: 'boolean', default: false })
  demonstration!: boolean;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Column({ name: 'updated_at', type: 'timestamptz' })
  updatedAt!: Date;

  @Column({ name: 'removed_at', type: 'timestamptz', nullable: true })
  removedAt!: Date | null;
}
