import { Inject, Injectable } from '@nestjs/common';
import { redactEventFor, shortPhone, viewOf } from '#libs/access';
import { RefusalError } from '#libs/base';
import { dispatchRefusal, findDuplicates, type DispatchRules, type Incident, type IncidentGroup } from '#libs/dispatch';
import { distanceM, sees } from '#libs/geo';
import type { LedgerEvent } from '#libs/ledger';
import type {
  CallHistoryView,
  DuplicateView,
  DuplicatesQuery,
  IncidentDetail,
  IncidentItem,
  IncidentQuery,
  TimelineEntry,
  TimelineQuery,
} from '#libs/wire';
import type { SignedInUser } from '../access/signed-in.ts';
import { AuditService } from '../audit/audit.service.ts';
import { placeOf } from '../cameras/camera-views.ts';
import { CameraStore } from '../cameras/camera.store.ts';
import { CLOCK, type Clock } from '../clock.ts';
import { dispatchEventOf } from '../dispatch/dispatch-kinds.ts';
import { DISPATCH_RULES } from '../dispatch/dispatch-rules.ts';
import { audienceOf, type IncidentSource, type Reader } from './incident-source.ts';
import { accountsOf, detailFor, itemFor, redactedFor } from './incident-views.ts';
import { IncidentStore } from './incident.store.ts';

/** Everything that is read of incidents, each as the one who asks may see it at this moment. */
@Injectable()
export class IncidentQueryService {
  constructor(
    private readonly store: IncidentStore,
    private readonly cameras: CameraStore,
    private readonly audit: AuditService,
    @Inject(DISPATCH_RULES) private readonly rules: DispatchRules,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async list(query: IncidentQuery, reader: SignedInUser): Promise<IncidentItem[]> {
    const nowMs = this.clock.nowMs();
    return (await this.store.page(query, nowMs)).map((source) => itemFor(reader, source, nowMs, this.rules));
  }

  /** @throws {RefusalError} `incident-unknown`. */
  async detail(id: string, reader: Reader): Promise<IncidentDetail> {
    const source = await this.known(id);
    const nowMs = this.clock.nowMs();
    const [cameraIds, names] = await Promise.all([
      // Video stays in the centre: a crew is told of no cameras.
      reader.attends ? [] : this.camerasOn(redactedFor(reader, source, nowMs)),
      this.store.names(accountsOf(source.incident)),
    ]);
    return detailFor(reader, source, nowMs, this.rules, { cameraIds, names });
  }

  /** @throws {RefusalError} `incident-unknown`. */
  async timeline(id: string, { after, limit }: TimelineQuery, reader: Reader): Promise<TimelineEntry[]> {
    const source = await this.known(id);
    const audience = audienceOf(reader, source, this.clock.nowMs());
    const entries = await this.store.events(source.incident, after, limit);
    return entries.flatMap((entry) => lineOf(entry, source.incident, audience));
  }

  /** What may be the same thing. Of a masked incident the reader learns no more than its block. */
  async duplicates(query: DuplicatesQuery, reader: SignedInUser): Promise<DuplicateView[]> {
    const nowMs = this.clock.nowMs();
    const { latitudeDeg, longitudeDeg, typeCode, callAtMs = nowMs, exceptId } = query;
    const near = await this.store.near(latitudeDeg, longitudeDeg, nowMs);
    const group = typeCode === undefined ? null : (typeCode.slice(0, 3) as IncidentGroup);
    const report = { point: { latitudeDeg, longitudeDeg }, group, callAtMs, exceptId };
    const shown = near.map((source) => redactedFor(reader, source, nowMs));
    return [...findDuplicates(report, shown, this.rules)];
  }

  /**
   * Reports of a caller. Those whose caller this reader may not know are left out: the phone would name them. Who asked, and how
   * much they were told, is written down first.
   */
  async callsFrom(phone: string, reader: SignedInUser): Promise<CallHistoryView> {
    const nowMs = this.clock.nowMs();
    const found = await this.store.calledFrom(phone, nowMs);
    const calls = found
      .filter(({ source }) => viewOf(audienceOf(reader, source, nowMs), source.incident).callerPhone === 'all')
      .map(({ source: { incident }, atMs }) => ({
        incidentId: incident.id,
        code: incident.code,
        atMs,
        typeCode: incident.classification?.typeCode ?? null,
        falseCall: isFalse(incident),
      }));
    const details = { phone: shortPhone(phone), calls: calls.length };
    await this.audit.record({ action: 'call:history', objectKind: 'call', outcome: 'done', details }, reader);
    return { phone, calls };
  }

  /** Cameras whose field of view covers the place as this reader sees it, the nearest first: they must not tell more. */
  private async camerasOn({ place, hidden }: ReturnType<typeof redactedFor>): Promise<string[]> {
    const point = hidden.includes('place') ? null : place?.point;
    if (!point) return [];
    const aimed = (await this.cameras.all()).flatMap(({ camera }) => {
      const from = placeOf(camera);
      const { id, bearingDeg, fieldOfViewDeg, rangeM } = camera;
      if (!from || bearingDeg === null || fieldOfViewDeg === null || rangeM === null) return [];
      const covers = sees({ place: from, bearingDeg, fieldOfViewDeg, rangeM }, point);
      return covers ? [{ id, awayM: distanceM(from, point) }] : [];
    });
    return aimed.sort((a, b) => a.awayM - b.awayM).map(({ id }) => id);
  }

  private async known(id: string): Promise<IncidentSource> {
    const source = await this.store.byId(id, this.clock.nowMs());
    if (!source) throw new RefusalError(dispatchRefusal('incident-unknown', 'no such incident', { incidentId: id }));
    return source;
  }
}

function lineOf(entry: LedgerEvent, incident: Incident, audience: Parameters<typeof viewOf>[0]): TimelineEntry[] {
  const event = dispatchEventOf(entry);
  if (!event) return [];
  const { hidden, ...shown } = redactEventFor(audience, event, incident);
  const { seq, actor } = entry;
  return [{ seq, atMs: event.atMs, by: event.by, byName: actor.name ?? '', hidden: [...hidden], event: { ...shown } }];
}

function isFalse({ life }: Incident): boolean {
  return life.kind === 'dismissed' && (life.cause === 'false-call' || life.cause === 'nuisance-call');
}
