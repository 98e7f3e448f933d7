import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Somebody of the centre. With an account, the id is the account's and the name there counts. */
@Entity('staff_member')
export class StaffMemberEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'staff_member_pkey' })
  id!: string;

  @Column({ type: 'text' })
  name!: string;

  @Column({ type: 'text', nullable: true })
  phone!: string | null;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Column({ name: 'updated_at', type: 'timestamptz' })
  updatedAt!: Date;

  @Column({ name: 'left_at', type: 'timestamptz', nullable: true })
  leftAt!: Date | null;
}
