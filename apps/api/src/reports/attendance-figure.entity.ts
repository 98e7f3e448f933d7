import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { AssignmentEndCause } from '#libs/dispatch';

/** One unit at one incident: `AttendanceFigure` of libs/report. */
@Entity('attendance_figure')
@Index('attendance_figure_assigned_at', ['assignedAt'])
export class AttendanceFigureEntity {
  @PrimaryColumn({ name: 'assignment_id', type: 'uuid', primaryKeyConstraintName: 'attendance_figure_pkey' })
  assignmentId!: string;

  @Column({ name: 'incident_id', type: 'uuid' })
  incidentId!: string;

  @Column({ name: 'unit_id', type: 'uuid' })
  unitId!: string;

  @Column({ name: 'assigned_at', type: 'timestamptz' })
  assignedAt!: Date;

  @Column({ name: 'arrived_at', type: 'timestamptz', nullable: true })
  arrivedAt!: Date | null;

  @Column({ name: 'ended_at', type: 'timestamptz', nullable: true })
  endedAt!: Date | null;

  @Column({ name: 'end_cause', type: 'text', nullable: true })
  endCause!: AssignmentEndCause | null;
}
