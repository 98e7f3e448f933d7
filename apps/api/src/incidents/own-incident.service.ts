import { Injectable } from '@nestjs/common';
import { RefusalError } from '#libs/base';
import { dispatchRefusal } from '#libs/dispatch';
import type { OwnIncidentView, TimelineEntry, TimelineQuery } from '#libs/wire';
import type { SignedInUser } from '../access/signed-in.ts';
import { IncidentQueryService } from './incident-query.service.ts';
import { IncidentStore } from './incident.store.ts';

/** What a crew reads of what its own unit attends, and only while it attends it. */
@Injectable()
export class OwnIncidentService {
  constructor(
    private readonly store: IncidentStore,
    private readonly incidents: IncidentQueryService,
  ) {}

  /** @throws {RefusalError} `no-own-unit`. */
  async show(reader: SignedInUser): Promise<OwnIncidentView> {
    const { unitId, incidentId } = await this.own(reader);
    const incident = incidentId === null ? null : await this.incidents.detail(incidentId, { ...reader, attends: true });
    return { unitId, incident };
  }

  /** Nothing while it attends nothing. @throws {RefusalError} `no-own-unit`. */
  async timeline(query: TimelineQuery, reader: SignedInUser): Promise<TimelineEntry[]> {
    const { incidentId } = await this.own(reader);
    return incidentId === null ? [] : this.incidents.timeline(incidentId, query, { ...reader, attends: true });
  }

  private async own({ accountId }: SignedInUser): Promise<{ unitId: string; incidentId: string | null }> {
    const own = await this.store.ofCrew(accountId);
    if (!own) throw new RefusalError(dispatchRefusal('no-own-unit', 'you are in no crew that is on duty'));
    return own;
  }
}
