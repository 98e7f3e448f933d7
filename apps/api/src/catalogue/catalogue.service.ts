import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { RefusalError } from '#libs/base';
import { dispatchRefusal } from '#libs/dispatch';
import type { ChangeIncidentTypeBody, IncidentTypeView } from '#libs/wire';
import type { SignedInUser } from '../access/signed-in.ts';
import { AuditService } from '../audit/audit.service.ts';
import { CLOCK, type Clock } from '../clock.ts';
import { RealtimeService } from '../realtime/realtime.service.ts';
import { CatalogueStore } from './catalogue.store.ts';
import { IncidentTypeEntity } from './incident-type.entity.ts';

/** The catalogue of incident types: read by everybody who takes calls, edited by those who may, nothing ever removed. */
@Injectable()
export class CatalogueService implements OnModuleInit {
  constructor(
    private readonly dataSource: DataSource,
    private readonly store: CatalogueStore,
    private readonly realtime: RealtimeService,
    private readonly audit: AuditService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.realtime.register('incidentTypes', () => this.list());
  }

  async list(): Promise<IncidentTypeView[]> {
    return (await this.store.all()).map(viewOf);
  }

  /** @throws {RefusalError} `type-unknown`, `nothing-to-change`. */
  async change(code: string, body: ChangeIncidentTypeBody, by: SignedInUser): Promise<IncidentTypeView> {
    const after = await this.dataSource.transaction(async (manager) => {
      const before = await this.store.lock(code, manager);
      if (!before) throw new RefusalError(dispatchRefusal('type-unknown', 'the catalogue has no such type', { code }));
      const changed = changedNames(before, body);
      if (changed.length === 0)
        throw new RefusalError(dispatchRefusal('nothing-to-change', 'the type is like that already'));
      const change = { ...body, updatedAt: new Date(this.clock.nowMs()) };
      await manager.update(IncidentTypeEntity, { code }, change as never);
      const details = Object.fromEntries(changed.map((name) => [name, name === 'protocol' ? 'changed' : body[name]]));
      await this.audit.record(
        { action: 'incident-type:change', objectKind: 'incident-type', objectId: code, outcome: 'done', details },
        by,
        manager,
      );
      return { ...before, ...change };
    });
    await this.realtime.refresh('incidentTypes', code, async () => {
      const type = await this.store.byCode(code);
      return type ? viewOf(type) : undefined;
    });
    return viewOf(after);
  }
}

function changedNames(before: IncidentTypeEntity, body: ChangeIncidentTypeBody): (keyof ChangeIncidentTypeBody)[] {
  const names = Object.keys(body) as (keyof ChangeIncidentTypeBody)[];
  return names.filter((name) => JSON.stringify(body[name]) !== JSON.stringify(before[name]));
}

function viewOf({ position: _position, updatedAt: _updatedAt, ...type }: IncidentTypeEntity): IncidentTypeView {
  return { ...structuredClone(type as IncidentTypeView), id: type.code };
}
