import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, Unique, type Relation } from 'typeorm';
import { AccountEntity } from './account.entity.ts';

/** One login of one browser. It lives until it is ended, has idled too long, or reaches `expiresAt`. */
@Entity('login_session')
@Unique('login_session_token_hash_key', ['tokenHash'])
@Index('login_session_account', ['accountId'])
export class LoginSessionEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'login_session_pkey' })
  id!: string;

  /** SHA-256 of the cookie's token: a stolen copy of this table opens nothing. */
  @Column({ name: 'token_hash', type: 'bytea' })
  tokenHash!: Buffer;

  @Column({ name: 'account_id', type: 'uuid' })
  accountId!: string;

  @ManyToOne(() => AccountEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'account_id', foreignKeyConstraintName: 'login_session_account_id_fkey' })
  account!: Relation<AccountEntity>;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Column({ name: 'last_seen_at', type: 'timestamptz' })
  lastSeenAt!: Date;

  @Column({ name: 'expires_at', type: 'timestamptz' })
  expiresAt!: Date;

  @Column({ name: 'ended_at', type: 'timestamptz', nullable: true })
  endedAt!: Date | null;

  @Column({ type: 'text' })
  ip!: string;

  @Column({ name: 'user_agent', type: 'text' })
  userAgent!: string;
}
