import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ShiftCalendar } from '#libs/shift';

/** The one calendar of the centre; no row while it was never changed. Written from the events of the ledger alone. */
@Entity('shift_calendar')
export class ShiftCalendarEntity {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'shift_calendar_pkey' })
  id!: string;

  /** Number in the ledger of the last event that changed it. A bigint, so pg answers it as text. */
  @Column({ type: 'bigint' })
  revision!: string;

  @Column({ name: 'updated_at', type: 'timestamptz' })
  updatedAt!: Date;

  @Column({ type: 'jsonb' })
  state!: ShiftCalendar;
}
