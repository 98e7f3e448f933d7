import { Inject, Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { reasonOf, type Logger, type Timer } from '#libs/base';
import type { EventMessage } from '#libs/onvif';
import { MAX_CAMERA_TOPICS } from '#libs/wire';
import { CLOCK, type Clock } from '../clock.ts';
import { LOGGER } from '../logging.ts';
import { CameraEventTopicEntity } from './camera-event-topic.entity.ts';

const WRITE_EVERY_MS = 10_000;
const MAX_ITEMS_CHARS = 200;
const MAX_TIMES = 2_000_000_000;

/** A topic as a camera spoke of it. */
export interface HeardTopic {
  readonly topic: string;
  readonly items: string;
  readonly times: number;
  readonly lastSeenAtMs: number;
}

/** Which topics each camera has spoken of, so that somebody can say what they mean. The least heard goes first. */
@Injectable()
export class TopicMemory implements OnModuleInit, BeforeApplicationShutdown {
  private readonly heard = new Map<string, Map<string, HeardTopic>>();
  private readonly dirty = new Set<string>();
  private timer: Timer | undefined;

  constructor(
    private readonly dataSource: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onModuleInit(): Promise<void> {
    for (const { cameraId, topic, items, times, lastSeenAt } of await this.dataSource.manager.find(
      CameraEventTopicEntity,
    )) {
      this.of(cameraId).set(topic, { topic, items, times, lastSeenAtMs: lastSeenAt.getTime() });
    }
    this.timer = this.clock.every(WRITE_EVERY_MS, () => void this.write());
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.timer?.cancel();
    await this.write();
  }

  note(cameraId: string, { topic, source, data }: EventMessage): void {
    const topics = this.of(cameraId);
    const known = topics.get(topic);
    const items =
      known?.items ??
      [...source, ...data]
        .map(({ name }) => name)
        .join(', ')
        .slice(0, MAX_ITEMS_CHARS);
    const times = Math.min(MAX_TIMES, (known?.times ?? 0) + 1);
    if (!known && topics.size >= MAX_CAMERA_TOPICS) this.dropRarest(topics);
    topics.set(topic, { topic, items, times, lastSeenAtMs: this.clock.nowMs() });
    this.dirty.add(cameraId);
  }

  /** Most heard first. */
  topicsOf(cameraId: string): HeardTopic[] {
    return [...(this.heard.get(cameraId)?.values() ?? [])].toSorted((a, b) => b.times - a.times);
  }

  forget(cameraId: string): void {
    this.heard.delete(cameraId);
    this.dirty.delete(cameraId);
  }

  private of(cameraId: string): Map<string, HeardTopic> {
    const topics = this.heard.get(cameraId) ?? new Map<string, HeardTopic>();
    this.heard.set(cameraId, topics);
    return topics;
  }

  private dropRarest(topics: Map<string, HeardTopic>): void {
    const rarest = [...topics.values()].reduce((a, b) => (b.times < a.times ? b : a));
    topics.delete(rarest.topic);
  }

  /** What cannot be written now is written with the next. */
  private async write(): Promise<void> {
    const cameras = [...this.dirty];
    this.dirty.clear();
    for (const cameraId of cameras) {
      try {
        await this.writeOne(cameraId);
      } catch (thrown) {
        this.dirty.add(cameraId);
        this.logger.warn({ cameraId, reason: reasonOf(thrown) }, 'topics of a camera could not be written');
        return;
      }
    }
  }

  private async writeOne(cameraId: string): Promise<void> {
    const topics = this.topicsOf(cameraId);
    await this.dataSource.transaction(async (manager) => {
      await manager.query('DELETE FROM camera_event_topic WHERE camera_id = $1', [cameraId]);
      await manager.query(
        `INSERT INTO camera_event_topic (camera_id, topic, items, times, last_seen_at)
         SELECT $1, g.topic, g.items, g.times, to_timestamp(g."lastSeenAtMs" / 1000)
         FROM jsonb_to_recordset($2::jsonb) AS g (topic text, items text, times integer, "lastSeenAtMs" float8)
         WHERE EXISTS (SELECT 1 FROM camera WHERE id = $1)`,
        [cameraId, JSON.stringify(topics)],
      );
    });
  }
}
