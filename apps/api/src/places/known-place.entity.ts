import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { PlaceCategory } from '#libs/wire';

/** A place that callers name. Removed ones stay: the audit names them. */
@Entity('known_place')
export class KnownPlaceEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'known_place_pkey' })
  id!: string;

  @Column({ type: 'text' })
  name!: string;

  @Column({ type: 'jsonb' })
  aliases!: string[];

  @Column({ type: 'text' })
  category!: PlaceCategory;

  @Column({ type: 'text' })
  address!: string;

  @Column({ type: 'text' })
  notes!: string;

  @Column({ name: 'latitude_deg', type: 'double precision' })
  latitudeDeg!: number;

  @Column({ name: 'longitude_deg', type: 'double precision' })
  longitudeDeg!: number;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Column({ name: 'updated_at', type: 'timestamptz' })
  updatedAt!: Date;

  @Column({ name: 'removed_at', type: 'timestamptz', nullable: true })
  removedAt!: Date | null;
}
