import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * What the track of a unit on one day of Lima adds up to. Tracks are dropped after some weeks; these numbers, without a
 * place or a minute, stay.
 */
@Entity('patrol_day')
export class PatrolDayEntity {
  @PrimaryColumn({ type: 'date', primaryKeyConstraintName: 'patrol_day_pkey' })
  day!: string;

  @PrimaryColumn({ name: 'unit_id', type: 'uuid', primaryKeyConstraintName: 'patrol_day_pkey' })
  unitId!: string;

  /** 0: it was looked at, and there was nothing. */
  @Column({ type: 'integer' })
  fixes!: number;

  @Column({ name: 'distance_km', type: 'double precision' })
  distanceKm!: number;

  @Column({ name: 'moving_min', type: 'double precision' })
  movingMin!: number;

  @Column({ name: 'standing_min', type: 'double precision' })
  standingMin!: number;

  @Column({ name: 'unknown_min', type: 'double precision' })
  unknownMin!: number;

  @Column({ name: 'max_speed_kmh', type: 'double precision' })
  maxSpeedKmh!: number;

  /** Minutes by zone and sector, by their ids, with the outlines of the moment at which it was measured. */
  @Column({ name: 'area_minutes', type: 'jsonb' })
  areaMinutes!: Record<string, number>;

  @Column({ name: 'measured_at', type: 'timestamptz' })
  measuredAt!: Date;
}
