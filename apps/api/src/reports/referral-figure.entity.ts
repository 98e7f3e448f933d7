import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { Agency } from '#libs/dispatch';

/** One hand-over to another agency: `ReferralFigure` of libs/report. */
@Entity('referral_figure')
@Index('referral_figure_call_at', ['callAt'])
export class ReferralFigureEntity {
  @PrimaryColumn({ name: 'incident_id', type: 'uuid', primaryKeyConstraintName: 'referral_figure_pkey' })
  incidentId!: string;

  @PrimaryColumn({ name: 'referral_id', type: 'uuid', primaryKeyConstraintName: 'referral_figure_pkey' })
  referralId!: string;

  @Column({ name: 'call_at', type: 'timestamptz' })
  callAt!: Date;

  @Column({ type: 'text' })
  agency!: Agency;

  @Column({ type: 'text', nullable: true })
  answer!: 'taken' | 'declined' | null;

  @Column({ name: 'answer_ms', type: 'double precision', nullable: true })
  answerMs!: number | null;

  @Column({ name: 'taken_by', type: 'text', nullable: true })
  takenBy!: string | null;
}
