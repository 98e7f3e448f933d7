import { Injectable } from '@nestjs/common';
import { FenceIndex, TrackMeter, gpxOf, type TrackMetrics } from '#libs/avl';
import { RefusalError, csvLine, refusal } from '#libs/base';
import { POSITION_CAPS, type TrackMetricsView, type TrackQuery, type TrackView } from '#libs/wire';
import type { SignedInUser } from '../access/signed-in.ts';
import { AuditService } from '../audit/audit.service.ts';
import { PositionsService } from './positions.service.ts';
import { TrackStore, fixOf } from './track.store.ts';
import type { UnitFixEntity } from './unit-fix.entity.ts';
import { UnitDirectory, type UnitName } from './unit-directory.ts';

const DAY_MS = 86_400_000;
/** A file of a day at one fix a second and a half; more is asked for in parts. */
const MAX_FILE_FIXES = 60_000;
/** Fixes that are read and measured between two turns of the event loop. */
const PAGE_FIXES = 2_000;

export type TrackFormat = 'gpx' | 'csv';

/** What was asked of a track, measured: everything but the crossings. */
export type MeasuredTrack = Omit<TrackMetrics, 'crossings'>;

/** Where a unit was, and what that adds up to. */
@Injectable()
export class TrackService {
  constructor(
    private readonly tracks: TrackStore,
    private readonly units: UnitDirectory,
    private readonly positions: PositionsService,
    private readonly audit: AuditService,
  ) {}

  /** @throws {RefusalError} `unit-unknown`, `track-range-wrong`. */
  async track(unitId: string, query: TrackQuery): Promise<TrackView> {
    const { fromMs, toMs } = soundRange(query);
    await this.demandUnit(unitId);
    const rows = await this.tracks.between(unitId, fromMs, toMs, POSITION_CAPS.trackFixes + 1);
    const fixes = rows.slice(0, POSITION_CAPS.trackFixes).map(viewOf);
    return { unitId, fromMs, toMs, fixes, truncated: rows.length > POSITION_CAPS.trackFixes };
  }

  /** A whole track as a file, written to the audit. @throws {RefusalError} as {@link track}, and `track-too-long`. */
  async file(unitId: string, query: TrackQuery, format: TrackFormat, by: SignedInUser): Promise<string> {
    const { fromMs, toMs } = soundRange(query);
    const { callSign } = await this.demandUnit(unitId);
    const rows = await this.tracks.between(unitId, fromMs, toMs, MAX_FILE_FIXES + 1);
    if (rows.length > MAX_FILE_FIXES)
      throw new RefusalError(
        refusal('too-large', 'track-too-long', `a file holds at most ${MAX_FILE_FIXES} positions: ask for less time`),
      );
    const details = { callSign, format, fromMs, toMs, fixes: rows.length };
    await this.audit.record(
      { action: 'track:export', objectKind: 'unit', objectId: unitId, outcome: 'done', details },
      by,
    );
    return format === 'gpx' ? gpxOf(callSign, rows.map(fixOf)) : csvOf(rows);
  }

  /** @throws {RefusalError} `unit-unknown`, `track-range-wrong`. */
  async metrics(unitId: string, query: TrackQuery): Promise<TrackMetricsView> {
    const { fromMs, toMs } = soundRange(query);
    await this.demandUnit(unitId);
    const measured = await this.measure(unitId, fromMs, toMs, await this.fences());
    const { distanceKm, movingMinutes, standingMinutes, unknownMinutes, maxSpeedKmh, minutesByFence } = measured;
    return {
      unitId,
      shiftId: null,
      fromMs,
      toMs,
      distanceKm,
      movingMinutes,
      standingMinutes,
      unknownMinutes,
      maxSpeedKmh,
      minutesByZone: Object.fromEntries(minutesByFence),
    };
  }

  /** Zones and sectors by their ids, as they are drawn now. */
  async fences(): Promise<FenceIndex> {
    return new FenceIndex(await this.positions.areas());
  }

  /** Read and measured page by page: a month of one fix a second takes no more memory than a minute. */
  async measure(unitId: string, fromMs: number, toMs: number, fences: FenceIndex): Promise<MeasuredTrack> {
    const meter = new TrackMeter(fences);
    for (let sinceMs = fromMs; ;) {
      const rows = await this.tracks.between(unitId, sinceMs, toMs, PAGE_FIXES);
      for (const row of rows) meter.add(fixOf(row));
      const last = rows.at(-1);
      if (!last || rows.length < PAGE_FIXES) return meter.result();
      sinceMs = last.takenAt.getTime() + 1;
    }
  }

  private async demandUnit(unitId: string): Promise<UnitName> {
    const unit = await this.units.byId(unitId);
    if (!unit) throw new RefusalError(refusal('not-found', 'unit-unknown', 'there is no such unit'));
    return unit;
  }
}

function soundRange(query: TrackQuery): TrackQuery {
  const { fromMs, toMs } = query;
  if (toMs > fromMs && toMs - fromMs <= POSITION_CAPS.trackDays * DAY_MS) return query;
  throw new RefusalError(
    refusal('bad-input', 'track-range-wrong', `a track is more than 0 and at most ${POSITION_CAPS.trackDays} days`),
  );
}

function viewOf(row: UnitFixEntity): TrackView['fixes'][number] {
  const { point, takenAtMs, speedKmh, bearingDeg, altitudeM, accuracyM } = fixOf(row);
  const receivedAtMs = row.receivedAt.getTime();
  return { point, takenAtMs, receivedAtMs, late: row.late, speedKmh, bearingDeg, altitudeM, accuracyM };
}

function csvOf(rows: readonly UnitFixEntity[]): string {
  const head = ['taken_at', 'received_at', 'late', 'latitude_deg', 'longitude_deg', 'speed_kmh', 'bearing_deg'];
  const lines = rows.map((row) =>
    csvLine([
      row.takenAt.toISOString(),
      row.receivedAt.toISOString(),
      row.late,
      row.latitudeDeg,
      row.longitudeDeg,
      row.speedKmh,
      row.bearingDeg,
      row.altitudeM,
      row.accuracyM,
    ]),
  );
  return csvLine([...head, 'altitude_m', 'accuracy_m']) + lines.join('');
}
