import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { FfmpegReport } from '#libs/wire';

/** A relay process as it says itself, every second. The relay writes it; the api only reads. */
@Entity('relay_node')
export class RelayNodeEntity {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'relay_node_pkey' })
  id!: string;

  /** Address for browsers; `{host}` stands for the host name of the browser's own request. */
  @Column({ name: 'public_url', type: 'text' })
  publicUrl!: string;

  @Column({ name: 'started_at', type: 'timestamptz' })
  startedAt!: Date;

  @Column({ name: 'heartbeat_at', type: 'timestamptz' })
  heartbeatAt!: Date;

  @Column({ type: 'text' })
  version!: string;

  /** Where devices publish, `{host}` as in {@link publicUrl}; null: it takes none in. */
  @Column({ name: 'rtmp_url', type: 'text', nullable: true })
  rtmpUrl!: string | null;

  /** Of the process that has the name now. */
  @Column({ type: 'uuid', nullable: true })
  instance!: string | null;

  /** Relays of the same site reach the database by the same way: workers of one machine. */
  @Column({ type: 'uuid', nullable: true })
  site!: string | null;

  /** From where it reaches the database; null over a local socket. */
  @Column({ type: 'text', nullable: true })
  address!: string | null;

  /** It has spoken without a break since; cameras are given back to relays that stay. */
  @Column({ name: 'up_since', type: 'timestamptz', nullable: true })
  upSince!: Date | null;

  /** It was stopped in order and gave its cameras back. */
  @Column({ name: 'stopped_at', type: 'timestamptz', nullable: true })
  stoppedAt!: Date | null;

  @Column({ type: 'jsonb', nullable: true })
  ffmpeg!: FfmpegReport | null;
}
