import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { Roster } from '#libs/shift';

/** Who works one shift. Written from the events of the ledger alone. */
@Entity('roster')
@Index('roster_start', ['startAt'])
export class RosterEntity {
  /** `<date>/<pattern>` */
  @PrimaryColumn({ name: 'shift_id', type: 'text', primaryKeyConstraintName: 'roster_pkey' })
  shiftId!: string;

  @Column({ name: 'start_at', type: 'timestamptz' })
  startAt!: Date;

  @Column({ name: 'end_at', type: 'timestamptz' })
  endAt!: Date;

  /** Number in the ledger of the last event that changed it. A bigint, so pg answers it as text. */
  @Column({ type: 'bigint' })
  revision!: string;

  @Column({ name: 'updated_at', type: 'timestamptz' })
  updatedAt!: Date;

  @Column({ type: 'jsonb' })
  state!: Roster;
}
