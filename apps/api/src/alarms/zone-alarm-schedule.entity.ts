import { Column, Entity, JoinColumn, OneToOne, PrimaryColumn, type Relation } from 'typeorm';
import { ZoneEntity } from '../zones/zone.entity.ts';

/** When alarms call attention in a zone. Read through `zoneSchedulesBody`. */
@Entity('zone_alarm_schedule')
export class ZoneAlarmScheduleEntity {
  @PrimaryColumn({ name: 'zone_id', type: 'uuid', primaryKeyConstraintName: 'zone_alarm_schedule_pkey' })
  zoneId!: string;

  @OneToOne(() => ZoneEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'zone_id', foreignKeyConstraintName: 'zone_alarm_schedule_zone_id_fkey' })
  zone!: Relation<ZoneEntity>;

  @Column({ type: 'jsonb' })
  schedules!: unknown;

  @Column({ name: 'updated_at', type: 'timestamptz' })
  updatedAt!: Date;

  @Column({ name: 'updated_by', type: 'uuid', nullable: true })
  updatedBy!: string | null;
}
