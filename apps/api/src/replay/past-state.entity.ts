import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { Incident, Unit } from '#libs/dispatch';

/**
 * An incident or a unit as it was at every checkpoint from `fromSeq` to `untilSeq` (`null`: the last one, and on). Written
 * by `CheckpointWriter` from the ledger alone.
 */
@Entity('past_state')
// GiST over int8range(from_seq, until_seq), where open: TypeORM has no words for it.
@Index('past_state_open', { synchronize: false })
export class PastStateEntity {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'past_state_pkey' })
  kind!: 'incident' | 'unit';

  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'past_state_pkey' })
  id!: string;

  /** A bigint, so pg answers it as text. */
  @PrimaryColumn({ name: 'from_seq', type: 'bigint', primaryKeyConstraintName: 'past_state_pkey' })
  fromSeq!: string;

  @Column({ name: 'until_seq', type: 'bigint', nullable: true })
  untilSeq!: string | null;

  /** A live incident, or a unit that is not retired. */
  @Column({ type: 'boolean' })
  open!: boolean;

  @Column({ type: 'jsonb' })
  state!: Incident | Unit;
}
