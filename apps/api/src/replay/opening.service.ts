import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { RefusalError, refusal, uuidV7 } from '#libs/base';
import { dispatchRefusal } from '#libs/dispatch';
import { REPLAY_CAPS, type ReplayOpeningView, type openReplayBody } from '#libs/wire';
import type { z } from 'zod';
import type { SignedInUser } from '../access/signed-in.ts';
import { AuditService } from '../audit/audit.service.ts';
import { CLOCK, type Clock } from '../clock.ts';
import { IncidentStore } from '../incidents/incident.store.ts';
import { openingView } from './replay-views.ts';
import { ReplayStore, type Range } from './replay.store.ts';

/** Shown before the call and after the end of an incident that is looked back at. */
const AROUND_INCIDENT_MS = 10 * 60_000;

/** Gives leave to look back: for an incident or a reason, at a bounded time, written to the audit or not given. */
@Injectable()
export class OpeningService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly store: ReplayStore,
    private readonly incidents: IncidentStore,
    private readonly audit: AuditService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws {RefusalError} `replay-range-wrong`, `incident-unknown`. */
  async open(body: z.output<typeof openReplayBody>, by: SignedInUser): Promise<ReplayOpeningView> {
    const nowMs = this.clock.nowMs();
    const { incidentId, reason, fromMs, toMs } = body;
    const ofIncident = incidentId === null ? undefined : await this.rangeOf(incidentId, nowMs);
    const asked = fromMs === null || toMs === null ? ofIncident?.range : { fromMs, toMs };
    const range = soundRange(asked!, nowMs);
    const opening = {
      id: uuidV7(nowMs),
      accountId: by.accountId,
      openedAt: new Date(nowMs),
      expiresAt: new Date(nowMs + REPLAY_CAPS.openForMs),
      fromAt: new Date(range.fromMs),
      toAt: new Date(range.toMs),
      incidentId,
      reason,
    };
    const details = { ...range, ...(ofIncident ? { incident: ofIncident.code } : {}), reason };
    await this.dataSource.transaction(async (manager) => {
      await this.store.addOpening(opening, manager);
      await this.audit.record(
        { action: 'replay:open', objectKind: 'replay', objectId: opening.id, outcome: 'done', details },
        by,
        manager,
      );
    });
    return openingView(opening);
  }

  /** @throws {RefusalError} `replay-not-open`: it never was, it expired, or it is somebody else's. */
  async demand(id: string, { accountId }: SignedInUser): Promise<ReplayOpeningView> {
    const row = await this.store.opening(id, accountId, this.clock.nowMs());
    if (!row)
      throw new RefusalError(refusal('not-found', 'replay-not-open', 'there is no such leave, or it has expired'));
    return openingView(row);
  }

  private async rangeOf(incidentId: string, nowMs: number): Promise<{ readonly range: Range; readonly code: string }> {
    const found = await this.incidents.byId(incidentId, nowMs);
    if (!found) throw new RefusalError(dispatchRefusal('incident-unknown', 'no such incident', { incidentId }));
    const { incident } = found;
    const fromMs = Math.min(incident.callAtMs, incident.openedAtMs) - AROUND_INCIDENT_MS;
    const endMs = 'atMs' in incident.life ? incident.life.atMs : nowMs;
    const toMs = Math.min(endMs + AROUND_INCIDENT_MS, fromMs + REPLAY_CAPS.rangeMs, nowMs);
    return { range: { fromMs, toMs }, code: incident.code };
  }
}

/** What is to come is not shown: a replay never runs into the present. */
function soundRange({ fromMs, toMs }: Range, nowMs: number): Range {
  const endMs = Math.min(toMs, Math.floor(nowMs));
  if (endMs > fromMs && endMs - fromMs <= REPLAY_CAPS.rangeMs) return { fromMs: Math.floor(fromMs), toMs: endMs };
  throw new RefusalError(
    refusal(
      'bad-input',
      'replay-range-wrong',
      `a replay shows more than 0 and at most ${REPLAY_CAPS.rangeMs / 3_600_000} h of the past`,
    ),
  );
}
