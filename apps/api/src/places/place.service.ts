import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { RefusalError, refusal, uuidV7 } from '#libs/base';
import { PLACE_LIST_CAPS, type ChangePlaceBody, type CreatePlaceBody, type PlaceView } from '#libs/wire';
import type { SignedInUser } from '../access/signed-in.ts';
import { AuditService } from '../audit/audit.service.ts';
import { CLOCK, type Clock } from '../clock.ts';
import { RealtimeService } from '../realtime/realtime.service.ts';
import { KnownPlaceEntity } from './known-place.entity.ts';
import { PlaceStore } from './place.store.ts';

/** Any constant that no other advisory lock of the api takes: places are counted and added one after the other. */
const PLACE_LOCK = 7_215_400_082;

/** Places that callers name: found by an operator at the first letters, and owner of the topic `places`. */
@Injectable()
export class PlaceService implements OnModuleInit {
  constructor(
    private readonly dataSource: DataSource,
    private readonly store: PlaceStore,
    private readonly realtime: RealtimeService,
    private readonly audit: AuditService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.realtime.register('places', () => this.list());
  }

  async list(): Promise<PlaceView[]> {
    return (await this.store.all()).map(viewOf);
  }

  /** @throws {RefusalError} `places-full`. */
  async create({ point, ...rest }: CreatePlaceBody, by: SignedInUser): Promise<PlaceView> {
    const now = new Date(this.clock.nowMs());
    const place: KnownPlaceEntity = {
      id: uuidV7(this.clock.nowMs()),
      ...rest,
      ...point,
      createdAt: now,
      updatedAt: now,
      removedAt: null,
    };
    await this.dataSource.transaction(async (manager) => {
      await manager.query('SELECT pg_advisory_xact_lock($1)', [PLACE_LOCK]);
      if ((await this.store.count(manager)) >= PLACE_LIST_CAPS.places)
        throw new RefusalError(
          refusal('conflict', 'places-full', `at most ${PLACE_LIST_CAPS.places} known places are kept`),
        );
      await manager.insert(KnownPlaceEntity, place);
      await this.record('create', place.id, { name: place.name, category: place.category, point }, by, manager);
    });
    await this.publish(place.id);
    return viewOf(place);
  }

  /** @throws {RefusalError} `place-unknown`. */
  async change(id: string, { point, ...rest }: ChangePlaceBody, by: SignedInUser): Promise<PlaceView> {
    const after = await this.dataSource.transaction(async (manager) => {
      const before = await this.store.lock(id, manager);
      if (!before) throw placeUnknown();
      const change: KnownPlaceEntity = { ...before, ...rest, ...point, updatedAt: new Date(this.clock.nowMs()) };
      await manager.update(KnownPlaceEntity, { id }, change);
      await this.record('change', id, changesOf(before, change), by, manager);
      return change;
    });
    await this.publish(id);
    return viewOf(after);
  }

  /** @throws {RefusalError} `place-unknown`. */
  async remove(id: string, reason: string, by: SignedInUser): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const place = await this.store.lock(id, manager);
      if (!place) throw placeUnknown();
      const now = new Date(this.clock.nowMs());
      await manager.update(KnownPlaceEntity, { id }, { removedAt: now, updatedAt: now });
      await this.record('remove', id, { name: place.name, reason }, by, manager);
    });
    await this.publish(id);
  }

  private record(
    verb: 'create' | 'change' | 'remove',
    id: string,
    details: Record<string, unknown>,
    by: SignedInUser,
    manager: EntityManager,
  ): Promise<void> {
    const what = { action: `place:${verb}`, objectKind: 'place', objectId: id, outcome: 'done', details } as const;
    return this.audit.record(what, by, manager);
  }

  private async publish(id: string): Promise<void> {
    await this.realtime.refresh('places', id, async () => {
      const place = await this.store.byId(id);
      return place ? viewOf(place) : undefined;
    });
  }
}

function placeUnknown(): RefusalError {
  return new RefusalError(refusal('not-found', 'place-unknown', 'there is no such known place'));
}

/** What changed, from what to what; of notes only that they did. */
function changesOf(before: KnownPlaceEntity, after: KnownPlaceEntity): Record<string, unknown> {
  const details: Record<string, unknown> = { name: before.name };
  for (const field of ['name', 'aliases', 'category', 'address', 'latitudeDeg', 'longitudeDeg'] as const) {
    if (JSON.stringify(after[field]) !== JSON.stringify(before[field])) details[field] = [before[field], after[field]];
  }
  if (after.notes !== before.notes) details['notes'] = 'changed';
  return details;
}

function viewOf({
  id,
  name,
  aliases,
  category,
  address,
  notes,
  latitudeDeg,
  longitudeDeg,
}: KnownPlaceEntity): PlaceView {
  return { id, name, aliases, category, address, notes, point: { latitudeDeg, longitudeDeg } };
}
