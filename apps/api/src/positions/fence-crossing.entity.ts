import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import type { FenceKind } from '#libs/wire';

/** A unit came into an area or left it. Kept as long as tracks, and at most so many rows. */
@Entity('fence_crossing')
@Index('fence_crossing_unit', ['unitId', 'id'])
export class FenceCrossingEntity {
  @PrimaryGeneratedColumn({ type: 'bigint', primaryKeyConstraintName: 'fence_crossing_pkey' })
  id!: string;

  @Index('fence_crossing_at')
  @Column({ type: 'timestamptz' })
  at!: Date;

  @Column({ name: 'unit_id', type: 'uuid' })
  unitId!: string;

  @Column({ name: 'fence_kind', type: 'text' })
  fenceKind!: FenceKind;

  @Column({ name: 'fence_id', type: 'uuid' })
  fenceId!: string;

  @Column({ type: 'text' })
  kind!: 'entered' | 'left';
}
