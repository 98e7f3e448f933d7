import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A phone or tracker that may report for one unit. Revoked ones stay: fixes name them. */
@Entity('position_device')
export class PositionDeviceEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'position_device_pkey' })
  id!: string;

  @Index('position_device_unit')
  @Column({ name: 'unit_id', type: 'uuid' })
  unitId!: string;

  /** What the centre calls it. */
  @Column({ type: 'text' })
  name!: string;

  /** SHA-256 of the token; the token itself was shown once and is nowhere. */
  @Index('position_device_token_hash', { unique: true })
  @Column({ name: 'token_hash', type: 'bytea' })
  tokenHash!: Buffer;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Column({ name: 'created_by', type: 'uuid' })
  createdBy!: string;

  @Column({ name: 'revoked_at', type: 'timestamptz', nullable: true })
  revokedAt!: Date | null;

  @Column({ name: 'revoked_by', type: 'uuid', nullable: true })
  revokedBy!: string | null;
}
