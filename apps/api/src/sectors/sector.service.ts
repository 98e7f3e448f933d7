import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { RefusalError, refusal, uuidV7 } from '#libs/base';
import { checkRing, overlapM2 } from '#libs/geo';
import type { ChangeSectorBody, CreateSectorBody, Ring, SectorView } from '#libs/wire';
import type { SignedInUser } from '../access/signed-in.ts';
import { AuditService } from '../audit/audit.service.ts';
import { CLOCK, type Clock } from '../clock.ts';
import { RealtimeService } from '../realtime/realtime.service.ts';
import { SectorEntity } from './sector.entity.ts';
import { SectorStore } from './sector.store.ts';

/** A district has a few tens of quadrants; each costs every position. */
const MAX_SECTORS = 300;
/** Any constant that no other advisory lock of the api takes. */
const SECTOR_LOCK = 7_215_400_081;

/** Patrol divisions and off-limits areas. */
@Injectable()
export class SectorService implements OnModuleInit {
  constructor(
    private readonly dataSource: DataSource,
    private readonly store: SectorStore,
    private readonly realtime: RealtimeService,
    private readonly audit: AuditService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.realtime.register('sectors', () => this.list());
  }

  async list(): Promise<SectorView[]> {
    return (await this.store.all()).map(viewOf);
  }

  /** @throws {RefusalError} a `ring-…` code of `checkRing`, `sectors-full`, `sector-code-taken`, `sectors-overlap`. */
  async create(body: CreateSectorBody, by: SignedInUser): Promise<SectorView> {
    const now = new Date(this.clock.nowMs());
    const { ring, allowOverlap, ...rest } = body;
    const sector: SectorEntity = {
      id: uuidV7(this.clock.nowMs()),
      ...rest,
      polygon: soundRing(ring),
      createdAt: now,
      updatedAt: now,
      removedAt: null,
    };
    await this.dataSource.transaction(async (manager) => {
      await this.takeTurn(manager);
      if ((await this.store.count(manager)) >= MAX_SECTORS)
        throw new RefusalError(refusal('conflict', 'sectors-full', `at most ${MAX_SECTORS} sectors are kept`));
      await this.checkBeside(sector, allowOverlap, manager);
      await manager.insert(SectorEntity, sector);
      const { code, name, kind, minUnits, hours, polygon } = sector;
      const details = { code, name, kind, minUnits, hours, corners: polygon.length - 1, allowOverlap };
      await this.record('create', sector.id, details, by, manager);
    });
    await this.publish(sector.id);
    return viewOf(sector);
  }

  /** @throws {RefusalError} `sector-unknown`, a `ring-…` code, `sector-code-taken`, `sectors-overlap`. */
  async change(id: string, body: ChangeSectorBody, by: SignedInUser): Promise<SectorView> {
    const { ring, allowOverlap, ...rest } = body;
    const outline = ring === undefined ? {} : { polygon: soundRing(ring) };
    const after = await this.dataSource.transaction(async (manager) => {
      await this.takeTurn(manager);
      const before = await this.store.lock(id, manager);
      if (!before) throw sectorUnknown();
      const change: SectorEntity = { ...before, ...rest, ...outline, updatedAt: new Date(this.clock.nowMs()) };
      // What overlapped before was meant; only a new outline, or becoming a patrol sector, is asked about.
      const drawnAnew = ring !== undefined || change.kind !== before.kind;
      await this.checkBeside(change, allowOverlap || !drawnAnew, manager);
      await manager.update(SectorEntity, { id }, change);
      await this.record('change', id, summaryOf(before, change), by, manager);
      return change;
    });
    await this.publish(id);
    return viewOf(after);
  }

  /** The row stays for history. @throws {RefusalError} `sector-unknown`. */
  async remove(id: string, reason: string, by: SignedInUser): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const sector = await this.store.lock(id, manager);
      if (!sector) throw sectorUnknown();
      const now = new Date(this.clock.nowMs());
      await manager.update(SectorEntity, { id }, { removedAt: now, updatedAt: now });
      await this.record('remove', id, { name: sector.name, kind: sector.kind, reason }, by, manager);
    });
    await this.publish(id);
  }

  /** Outlines and codes are checked against all others: one change after the other. */
  private async takeTurn(manager: EntityManager): Promise<void> {
    await manager.query('SELECT pg_advisory_xact_lock($1)', [SECTOR_LOCK]);
  }

  private async checkBeside(sector: SectorEntity, allowOverlap: boolean, manager: EntityManager): Promise<void> {
    const others = (await this.store.all(manager)).filter(({ id }) => id !== sector.id);
    const code = sector.code.toLowerCase();
    const namesake = others.find((other) => code !== '' && other.code.toLowerCase() === code);
    if (namesake)
      throw new RefusalError(refusal('conflict', 'sector-code-taken', `${sector.code} is ${namesake.name} already`));
    if (sector.kind !== 'patrol' || allowOverlap) return;
    const overlaps = others
      .filter(({ kind }) => kind === 'patrol')
      .map(({ id, name, polygon }) => ({ id, name, areaM2: Math.round(overlapM2(sector.polygon, polygon)) }))
      .filter(({ areaM2 }) => areaM2 > 0);
    if (overlaps.length > 0)
      throw new RefusalError(
        refusal('conflict', 'sectors-overlap', 'patrol sectors do not overlap, unless `allowOverlap` says so', {
          overlaps: overlaps.slice(0, 20),
        }),
      );
  }

  private record(
    verb: 'create' | 'change' | 'remove',
    id: string,
    details: Record<string, unknown>,
    by: SignedInUser,
    manager: EntityManager,
  ): Promise<void> {
    const what = { action: `sector:${verb}`, objectKind: 'sector', objectId: id, outcome: 'done', details } as const;
    return this.audit.record(what, by, manager);
  }

  private async publish(id: string): Promise<void> {
    await this.realtime.refresh('sectors', id, async () => {
      const sector = await this.store.byId(id);
      return sector ? viewOf(sector) : undefined;
    });
  }
}

function soundRing(ring: Ring): Ring {
  const checked = checkRing(ring);
  if (checked.ok) return checked.value;
  throw new RefusalError(checked.refusal);
}

function sectorUnknown(): RefusalError {
  return new RefusalError(refusal('not-found', 'sector-unknown', 'there is no such sector'));
}

/** What changed, from what to what; of an outline and of notes only that they did. */
function summaryOf(before: SectorEntity, after: SectorEntity): Record<string, unknown> {
  const details: Record<string, unknown> = { name: before.name };
  for (const field of ['code', 'name', 'kind', 'colour', 'minUnits'] as const) {
    if (after[field] !== before[field]) details[field] = [before[field], after[field]];
  }
  if (JSON.stringify(after.hours) !== JSON.stringify(before.hours)) details['hours'] = [before.hours, after.hours];
  if (after.notes !== before.notes) details['notes'] = 'changed';
  if (JSON.stringify(after.polygon) !== JSON.stringify(before.polygon)) details['outline'] = 'changed';
  return details;
}

function viewOf({ id, code, name, kind, colour, polygon, minUnits, hours, notes }: SectorEntity): SectorView {
  return { id, code, name, kind, colour, ring: polygon, minUnits, hours, notes };
}
