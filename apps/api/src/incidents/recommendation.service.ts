import { Inject, Injectable } from '@nestjs/common';
import { RefusalError } from '#libs/base';
import {
  dispatchRefusal,
  rankShortlist,
  shortlistUnits,
  type Candidate,
  type DispatchRules,
  type Unit,
} from '#libs/dispatch';
import type { RecommendationView } from '#libs/wire';
import { DataSource } from 'typeorm';
import type { SignedInUser } from '../access/signed-in.ts';
import { CatalogueStore } from '../catalogue/catalogue.store.ts';
import { CLOCK, type Clock } from '../clock.ts';
import { DISPATCH_RULES } from '../dispatch/dispatch-rules.ts';
import { DutyRolls } from '../dispatch/duty-rolls.ts';
import { PatrolSectors } from '../units/patrol-sectors.ts';
import { UnitPositions } from '../units/unit-positions.ts';
import { UnitStore } from '../units/unit.store.ts';
import { redactedFor } from './incident-views.ts';
import { IncidentStore } from './incident.store.ts';

/** Whom to send, with reasons that can be checked by hand. */
@Injectable()
export class RecommendationService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly incidents: IncidentStore,
    private readonly units: UnitStore,
    private readonly positions: UnitPositions,
    private readonly sectors: PatrolSectors,
    private readonly catalogue: CatalogueStore,
    private readonly rolls: DutyRolls,
    @Inject(DISPATCH_RULES) private readonly rules: DispatchRules,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * The place is that which the reader sees: distances to units whose place is known would tell the door of a masked one.
   * @throws {RefusalError} `incident-unknown`.
   */
  async of(id: string, reader: SignedInUser): Promise<RecommendationView> {
    const nowMs = this.clock.nowMs();
    const source = await this.incidents.byId(id, nowMs);
    if (!source) throw new RefusalError(dispatchRefusal('incident-unknown', 'no such incident', { incidentId: id }));
    const incident = redactedFor(reader, source, nowMs);
    const code = incident.classification?.typeCode;
    const [units, sectors, roll, type] = await Promise.all([
      this.units.active(),
      this.sectors.all(),
      this.rolls.at(nowMs, this.dataSource.manager),
      code === undefined ? null : this.catalogue.byCode(code),
    ]);
    const candidates = await this.candidatesOf(units);
    const input = { incident, type: type ?? undefined, candidates, sectors, roll, nowMs, rules: this.rules };
    const shortlist = shortlistUnits(input);
    return {
      units: structuredClone(rankShortlist(shortlist, input)) as RecommendationView['units'],
      excluded: Object.fromEntries(shortlist.excluded),
    };
  }

  private async candidatesOf(units: readonly Unit[]): Promise<Candidate[]> {
    const positions = await this.positions.lastOf(units.map(({ id }) => id));
    return units.map((unit) => ({ unit, fix: positions.get(unit.id) ?? null }));
  }
}
