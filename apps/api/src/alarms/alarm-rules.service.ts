import { Inject, Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { RefusalError, reasonOf, refusal, type Logger, type Timer } from '#libs/base';
import { meaningOf, wantsAttention } from '#libs/alarm';
import {
  DEFAULT_ALARM_SETTINGS,
  alarmRulesBody,
  alarmSettings,
  zoneSchedulesBody,
  type AlarmKind,
  type AlarmRulesBody,
  type AlarmSchedule,
  type AlarmSettings,
  type TopicMeaning,
  type ZoneSchedulesBody,
  type ZoneSchedulesView,
} from '#libs/wire';
import type { SignedInUser } from '../access/signed-in.ts';
import { AuditService } from '../audit/audit.service.ts';
import { cameraUnknown } from '../cameras/camera-refusals.ts';
import { CameraStore } from '../cameras/camera.store.ts';
import { CLOCK, type Clock } from '../clock.ts';
import { LOGGER } from '../logging.ts';
import { SettingStore } from '../settings/setting.store.ts';
import { ZoneStore } from '../zones/zone.store.ts';
import { CameraAlarmRuleEntity } from './camera-alarm-rule.entity.ts';
import type { BookRules } from './alarm-book.ts';
import { KnownCameras } from './known-cameras.ts';
import { ZoneAlarmScheduleEntity } from './zone-alarm-schedule.entity.ts';

const KEY = 'alarms';
/** Another api process on the same database hears of a change within this. */
const READ_AGAIN_MS = 10_000;
const NO_RULES: AlarmRulesBody = { cooldownS: {}, topics: [] };

/** What the centre, each camera and each zone want of alarms. Kept in memory: it is asked at every signal. */
@Injectable()
export class AlarmRulesService implements BookRules, OnModuleInit, BeforeApplicationShutdown {
  private settings: AlarmSettings = DEFAULT_ALARM_SETTINGS;
  private byCamera: ReadonlyMap<string, AlarmRulesBody> = new Map();
  private meanings: ReadonlyMap<string, ReadonlyMap<string, TopicMeaning>> = new Map();
  private byZone: ReadonlyMap<string, readonly AlarmSchedule[]> = new Map();
  private again: Timer | undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly settingStore: SettingStore,
    private readonly cameras: CameraStore,
    private readonly zones: ZoneStore,
    private readonly known: KnownCameras,
    private readonly audit: AuditService,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** A start fails when the tables cannot be read: alarms would otherwise be silent for no reason that anybody sees. */
  async onModuleInit(): Promise<void> {
    await this.readAgain();
    this.again = this.clock.every(READ_AGAIN_MS, () => {
      this.readAgain().catch((thrown: unknown) =>
        this.logger.warn({ reason: reasonOf(thrown) }, 'the rules of alarms could not be read again'),
      );
    });
  }

  beforeApplicationShutdown(): void {
    this.again?.cancel();
  }

  get current(): AlarmSettings {
    return this.settings;
  }

  cooldownMs(cameraId: string, kind: AlarmKind): number {
    return (this.byCamera.get(cameraId)?.cooldownS[kind] ?? this.settings.cooldownS) * 1_000;
  }

  isRaised(cameraId: string, kind: AlarmKind, atMs: number): boolean {
    const zoneIds = this.known.zonesOf(cameraId);
    const schedules = zoneIds.flatMap((id) => this.byZone.get(id) ?? []);
    return wantsAttention(kind, atMs, schedules, this.settings.raisedKinds);
  }

  /** What a topic of a camera means; `undefined` when nobody has said. */
  meaningOf(cameraId: string, topic: string): TopicMeaning | undefined {
    return meaningOf(topic, this.meanings.get(cameraId) ?? NO_MEANINGS);
  }

  rulesOf(cameraId: string): AlarmRulesBody {
    return this.byCamera.get(cameraId) ?? NO_RULES;
  }

  async allSchedules(): Promise<ZoneSchedulesView[]> {
    const zones = await this.zones.all();
    return zones.map(({ id }) => ({ zoneId: id, schedules: [...(this.byZone.get(id) ?? [])] }));
  }

  async changeSettings(after: AlarmSettings, by: SignedInUser): Promise<AlarmSettings> {
    await this.dataSource.transaction(async (manager) => {
      await this.settingStore.lockAll(manager);
      const updatedAt = new Date(this.clock.nowMs());
      await this.settingStore.put({ key: KEY, value: after, updatedAt, updatedBy: by.accountId }, manager);
      const details = differences(this.settings, after);
      const what = {
        action: 'setting:change',
        objectKind: 'setting',
        objectId: KEY,
        outcome: 'done' as const,
        details,
      };
      await this.audit.record(what, by, manager);
    });
    await this.readAgain();
    return this.settings;
  }

  /** @throws {RefusalError} `camera-unknown`. */
  async changeCamera(cameraId: string, { cooldownS, topics }: AlarmRulesBody, by: SignedInUser): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const camera = await this.cameras.lock(cameraId, manager);
      if (!camera) throw cameraUnknown();
      const updatedAt = new Date(this.clock.nowMs());
      const row = { cameraId, cooldown: cooldownS, topics: topics as never, updatedAt, updatedBy: by.accountId };
      await manager.upsert(CameraAlarmRuleEntity, row, ['cameraId']);
      const details = { camera: camera.code, cooldownS, topics: topics.length };
      const what = { action: 'alarm-rule:change', objectKind: 'camera', objectId: cameraId, outcome: 'done' as const };
      await this.audit.record({ ...what, details }, by, manager);
    });
    await this.readAgain();
  }

  /** @throws {RefusalError} `zone-unknown`. */
  async changeZone(zoneId: string, { schedules }: ZoneSchedulesBody, by: SignedInUser): Promise<ZoneSchedulesView> {
    await this.dataSource.transaction(async (manager) => {
      const zone = await this.zones.lock(zoneId, manager);
      if (!zone) throw zoneUnknown();
      const row = {
        zoneId,
        schedules: schedules as never,
        updatedAt: new Date(this.clock.nowMs()),
        updatedBy: by.accountId,
      };
      await manager.upsert(ZoneAlarmScheduleEntity, row, ['zoneId']);
      const details = { name: zone.name, schedules: schedules.length };
      const what = { action: 'alarm-schedule:change', objectKind: 'zone', objectId: zoneId, outcome: 'done' as const };
      await this.audit.record({ ...what, details }, by, manager);
    });
    await this.readAgain();
    return { zoneId, schedules: [...(this.byZone.get(zoneId) ?? [])] };
  }

  /** @throws {RefusalError} `zone-unknown`. */
  async zone(zoneId: string): Promise<ZoneSchedulesView> {
    if (!(await this.zones.byId(zoneId))) throw zoneUnknown();
    return { zoneId, schedules: [...(this.byZone.get(zoneId) ?? [])] };
  }

  /** What cannot be read is not obeyed, and said. */
  private async readAgain(): Promise<void> {
    const { manager } = this.dataSource;
    const [setting, rules, schedules] = await Promise.all([
      this.settingStore.byKey(KEY),
      manager.find(CameraAlarmRuleEntity),
      manager.find(ZoneAlarmScheduleEntity),
    ]);
    this.settings = this.sound(setting, alarmSettings.safeParse(setting?.value).data ?? DEFAULT_ALARM_SETTINGS);
    this.byCamera = new Map(
      rules.map(({ cameraId, cooldown, topics }) => [
        cameraId,
        alarmRulesBody.safeParse({ cooldownS: cooldown, topics }).data ?? NO_RULES,
      ]),
    );
    this.meanings = new Map(
      [...this.byCamera].map(([id, { topics }]) => [id, new Map(topics.map(({ topic, meaning }) => [topic, meaning]))]),
    );
    this.byZone = new Map(
      schedules.map(({ zoneId, schedules: given }) => [
        zoneId,
        zoneSchedulesBody.safeParse({ schedules: given }).data?.schedules ?? [],
      ]),
    );
  }

  private sound(row: { readonly value: unknown } | null, settings: AlarmSettings): AlarmSettings {
    if (row && settings === DEFAULT_ALARM_SETTINGS)
      this.logger.warn({ setting: KEY }, 'a stored setting is not what it should be; the defaults hold');
    return settings;
  }
}

const NO_MEANINGS: ReadonlyMap<string, TopicMeaning> = new Map();

function zoneUnknown(): RefusalError {
  return new RefusalError(refusal('not-found', 'zone-unknown', 'there is no such zone'));
}

function differences(before: AlarmSettings, after: AlarmSettings): Record<string, unknown> {
  const keys = Object.keys(after) as (keyof AlarmSettings)[];
  const changed = keys.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
  return Object.fromEntries(changed.map((key) => [key, [String(before[key]), String(after[key])]]));
}
