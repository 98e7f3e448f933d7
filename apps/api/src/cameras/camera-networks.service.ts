import { Inject, Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { RefusalError, reasonOf, refusal, type Logger, type Timer } from '#libs/base';
import { isAllowedTarget, networkText, parseNetworks, readWidening, type Network } from '#libs/onvif';
import { MAX_ADDED_NETWORKS, type CameraNetworksBody, type CameraNetworksView } from '#libs/wire';
import { AccountEntity } from '../access/account.entity.ts';
import type { SignedInUser } from '../access/signed-in.ts';
import { AuditService } from '../audit/audit.service.ts';
import { CLOCK, type Clock } from '../clock.ts';
import { API_CONFIG, type ApiConfig } from '../config.ts';
import { LOGGER } from '../logging.ts';
import { SettingStore } from '../settings/setting.store.ts';
import type { SettingEntity } from '../settings/setting.entity.ts';
import type { AllowedNetworks } from './camera-networks.ts';
import { valueOrThrow } from './camera-refusals.ts';
import { isPushed } from './camera.entity.ts';
import { CameraStore } from './camera.store.ts';

const KEY = 'camera-networks';
/** Another api process on the same database hears of a change within this. */
const READ_AGAIN_MS = 10_000;
const stored = z.object({ added: z.array(z.string().max(60)).max(MAX_ADDED_NETWORKS) });

/** Where cameras may be: what the environment says, and what an administrator added to it. */
@Injectable()
export class CameraNetworksService implements AllowedNetworks, OnModuleInit, BeforeApplicationShutdown {
  private readonly base: readonly Network[];
  private networks: readonly Network[];
  private again: Timer | undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly settings: SettingStore,
    private readonly cameras: CameraStore,
    private readonly audit: AuditService,
    @Inject(API_CONFIG) config: Pick<ApiConfig, 'cameraNetworks'>,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.base = parseNetworks(config.cameraNetworks);
    this.networks = this.base;
  }

  get allowed(): readonly Network[] {
    return this.networks;
  }

  /** A start fails when the table cannot be read: cameras would otherwise be refused for no reason that anybody sees. */
  async onModuleInit(): Promise<void> {
    await this.readAgain();
    this.again = this.clock.every(READ_AGAIN_MS, () => {
      this.readAgain().catch((thrown: unknown) =>
        this.logger.warn({ reason: reasonOf(thrown) }, 'the networks of cameras could not be read again'),
      );
    });
  }

  beforeApplicationShutdown(): void {
    this.again?.cancel();
  }

  /** Takes over what the table says now. */
  async readAgain(): Promise<void> {
    this.take(this.addedOf(await this.settings.byKey(KEY)));
  }

  async view(): Promise<CameraNetworksView> {
    const row = await this.settings.byKey(KEY);
    const by = row?.updatedBy ?? null;
    const account = by === null ? null : await this.dataSource.manager.findOneBy(AccountEntity, { id: by });
    const cameras = await this.cameras.all();
    const outside = cameras.filter(({ camera }) => !isPushed(camera) && !isAllowedTarget(camera.host, this.networks));
    return {
      base: this.base.map(networkText),
      added: this.addedOf(row).map(networkText),
      changedAtMs: row?.updatedAt.getTime() ?? null,
      changedBy: account?.username ?? null,
      camerasOutside: outside.map(({ camera }) => camera.code),
    };
  }

  /**
   * Replaces what was added. It holds from the answer on, for searches that are running too.
   * @throws {RefusalError} `network-malformed`, `network-too-wide`, `network-forbidden`, `setting-changed`.
   */
  async change(body: CameraNetworksBody, by: SignedInUser): Promise<CameraNetworksView> {
    const wanted = uniqueNetworks(body.added.map((text) => valueOrThrow(readWidening(text))));
    await this.dataSource.transaction(async (manager) => {
      await this.settings.lockAll(manager);
      const row = await this.settings.byKey(KEY, manager);
      if ((row?.updatedAt.getTime() ?? null) !== body.basedOnMs) throw settingChanged();
      const before = this.addedOf(row).map(networkText);
      const after = wanted.map(networkText);
      if (before.join() === after.join()) return;
      const updatedAt = new Date(Math.max(this.clock.nowMs(), (body.basedOnMs ?? 0) + 1));
      await this.settings.put({ key: KEY, value: { added: after }, updatedAt, updatedBy: by.accountId }, manager);
      const what = { action: 'setting:change', objectKind: 'setting', objectId: KEY, outcome: 'done' as const };
      await this.audit.record({ ...what, details: { added: [before, after] } }, by, manager);
    });
    await this.readAgain();
    return this.view();
  }

  /** What could not be added today is not obeyed either, however it came into the table. */
  private addedOf(row: SettingEntity | null): Network[] {
    if (!row) return [];
    const read = stored.safeParse(row.value);
    const networks = (read.success ? read.data.added : []).map(readWidening);
    const good = networks.flatMap((network) => (network.ok ? [network.value] : []));
    if (!read.success || good.length < networks.length)
      this.logger.warn(
        { setting: KEY },
        'a stored setting is not what it should be; the unreadable part is not obeyed',
      );
    return good;
  }

  private take(added: readonly Network[]): void {
    this.networks = [...this.base, ...added];
  }
}

function uniqueNetworks(networks: readonly Network[]): Network[] {
  return [...new Map(networks.map((network) => [networkText(network), network])).values()];
}

function settingChanged(): RefusalError {
  return new RefusalError(
    refusal('conflict', 'setting-changed', 'somebody else changed this meanwhile: look at it again'),
  );
}
