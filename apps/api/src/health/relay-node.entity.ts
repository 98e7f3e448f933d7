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

  @Column({ type: 'jsonb', nullable: true })
  ffmpeg!: FfmpegReport | null;
}
