import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * One position of a unit, partitioned by the day (UTC) on which it was taken. Written in batches by `TrackWriter`. A unit
 * is at one place at one time: the same instant again is the same fix.
 */
@Entity('unit_fix')
export class UnitFixEntity {
  @PrimaryColumn({ name: 'unit_id', type: 'uuid', primaryKeyConstraintName: 'unit_fix_pkey' })
  unitId!: string;

  @PrimaryColumn({ name: 'taken_at', type: 'timestamptz', primaryKeyConstraintName: 'unit_fix_pkey' })
  takenAt!: Date;

  @Column({ name: 'received_at', type: 'timestamptz' })
  receivedAt!: Date;

  /** `null` for the tablet of a signed-in crew. */
  @Column({ name: 'device_id', type: 'uuid', nullable: true })
  deviceId!: string | null;

  /** Came after a newer one: it moved no mark. */
  @Column({ type: 'boolean' })
  late!: boolean;

  @Column({ name: 'latitude_deg', type: 'double precision' })
  latitudeDeg!: number;

  @Column({ name: 'longitude_deg', type: 'double precision' })
  longitudeDeg!: number;

  @Column({ name: 'speed_kmh', type: 'real', nullable: true })
  speedKmh!: number | null;

  @Column({ name: 'bearing_deg', type: 'real', nullable: true })
  bearingDeg!: number | null;

  @Column({ name: 'altitude_m', type: 'real', nullable: true })
  altitudeM!: number | null;

  @Column({ name: 'accuracy_m', type: 'real', nullable: true })
  accuracyM!: number | null;

  @Column({ type: 'real', nullable: true })
  hdop!: number | null;

  @Column({ name: 'battery_share', type: 'real', nullable: true })
  batteryShare!: number | null;

  @Column({ type: 'boolean', nullable: true })
  charging!: boolean | null;
}
