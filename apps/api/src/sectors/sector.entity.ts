import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AreaHours, Ring, SectorColour, SectorKind } from '#libs/wire';

/** A patrol division or an off-limits area. Removed ones stay for history. */
@Entity('sector')
export class SectorEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'sector_pkey' })
  id!: string;

  /** As it is said by radio; unique among sectors that are not removed, whatever its case (index `sector_code`). */
  @Column({ type: 'text', default: '' })
  code!: string;

  @Column({ type: 'text' })
  name!: string;

  @Column({ type: 'text' })
  kind!: SectorKind;

  /** One outline as `checkRing` of libs/geo answers it: closed, simple, counter-clockwise. */
  @Column({ type: 'jsonb' })
  polygon!: Ring;

  /** Free units that a recommendation tries to leave here. */
  @Column({ name: 'min_units', type: 'integer', default: 0 })
  minUnits!: number;

  @Column({ type: 'text', default: 'blue' })
  colour!: SectorColour;

  /** When it is off limits; none: always. */
  @Column({ type: 'jsonb', default: [] })
  hours!: AreaHours[];

  @Column({ type: 'text', default: '' })
  notes!: string;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Column({ name: 'updated_at', type: 'timestamptz' })
  updatedAt!: Date;

  @Column({ name: 'removed_at', type: 'timestamptz', nullable: true })
  removedAt!: Date | null;
}
