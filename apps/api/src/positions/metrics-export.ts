import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Inject, Injectable } from '@nestjs/common';
import { CSV_BYTE_ORDER_MARK, RefusalError, csvLine, refusal } from '#libs/base';
import { POSITION_CAPS, type MetricsExportQuery } from '#libs/wire';
import type { SignedInUser } from '../access/signed-in.ts';
import { AuditService } from '../audit/audit.service.ts';
import { CLOCK, type Clock } from '../clock.ts';
import { SectorStore } from '../sectors/sector.store.ts';
import { ZoneStore } from '../zones/zone.store.ts';
import { TrackService, type MeasuredTrack } from './track.service.ts';
import { UnitDirectory } from './unit-directory.ts';

const DAY_MS = 86_400_000;
/** Peru keeps UTC-5 all year (no daylight saving since 1994): a day of a crew begins at 05:00 UTC. */
const LIMA_MIDNIGHT_MS = 5 * 3_600_000;

interface Column {
  readonly id: string;
  readonly title: string;
}

/**
 * The numbers of every unit and day as CSV: kilometres, minutes, and minutes by zone and sector, as SIPCOP-M asks for them.
 * One at a time in a process: it reads whole tracks.
 */
@Injectable()
export class MetricsExport {
  private running = false;

  constructor(
    private readonly tracks: TrackService,
    private readonly units: UnitDirectory,
    private readonly zones: ZoneStore,
    private readonly sectors: SectorStore,
    private readonly audit: AuditService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Writes lines as they are ready. A unit without a position on a day has no line for it. In the audit before the first.
   * A failure in the middle cuts the sink, and a sink that closes ends the work.
   * @throws {RefusalError} `track-range-wrong`, `export-busy`; then `open` was not called.
   */
  async write(query: MetricsExportQuery, by: SignedInUser, open: () => Writable): Promise<void> {
    const { fromDay, toDay } = query;
    const [fromMs, lastMs] = [limaDayMs(fromDay), limaDayMs(toDay)];
    if (lastMs < fromMs || lastMs - fromMs >= POSITION_CAPS.trackDays * DAY_MS)
      throw new RefusalError(
        refusal('bad-input', 'track-range-wrong', `an export is 1 to ${POSITION_CAPS.trackDays} days`),
      );
    if (this.running)
      throw new RefusalError(refusal('too-many', 'export-busy', 'another export runs, try again when it is done'));
    this.running = true;
    try {
      const details = { fromDay, toDay };
      await this.audit.record({ action: 'track-metrics:export', outcome: 'done', details }, by);
      await pipeline(Readable.from(this.lines(query, fromMs, lastMs)), open());
    } finally {
      this.running = false;
    }
  }

  private async *lines(query: MetricsExportQuery, fromMs: number, lastMs: number): AsyncGenerator<string> {
    const [columns, units, fences] = await Promise.all([this.columns(), this.units.all(), this.tracks.fences()]);
    yield CSV_BYTE_ORDER_MARK + this.head(query, columns);
    for (const { id, callSign } of units) {
      for (let dayMs = fromMs; dayMs <= lastMs; dayMs += DAY_MS) {
        const measured = await this.tracks.measure(id, dayMs, dayMs + DAY_MS, fences);
        if (measured.fixes > 0) yield csvLine([callSign, limaDayOf(dayMs), ...figuresOf(measured, columns)]);
      }
    }
  }

  private head({ fromDay, toDay }: MetricsExportQuery, columns: readonly Column[]): string {
    const madeAt = new Date(this.clock.nowMs()).toISOString();
    const notes = [
      `# Atalaya: distance and time of every unit and day, ${fromDay} to ${toDay} (America/Lima), made ${madeAt}`,
      '# Minutes by zone and sector are computed with the outlines of the day on which this was made, not with earlier ones.',
      '# Distance is measured between positions, along straight lines. Gaps of more than 5 minutes count as unknown.',
    ];
    const titles = [
      'unit',
      'day',
      'positions',
      'distance_km',
      'moving_min',
      'standing_min',
      'unknown_min',
      'max_speed_kmh',
    ];
    return `${notes.join('\r\n')}\r\n${csvLine([...titles, ...columns.map(({ title }) => title)])}`;
  }

  private async columns(): Promise<Column[]> {
    const [zones, sectors] = await Promise.all([this.zones.all(), this.sectors.all()]);
    return [
      ...sectors.map(({ id, name, kind }) => ({
        id,
        title: `${kind === 'patrol' ? 'sector' : 'off-limits'} ${name} (min)`,
      })),
      ...zones.map(({ id, name, riskLevel }) => ({ id, title: `zone ${name}, ${riskLevel} risk (min)` })),
    ];
  }
}

function figuresOf(measured: MeasuredTrack, columns: readonly Column[]): number[] {
  const { fixes, distanceKm, movingMinutes, standingMinutes, unknownMinutes, maxSpeedKmh, minutesByFence } = measured;
  const figures = [distanceKm, movingMinutes, standingMinutes, unknownMinutes, maxSpeedKmh];
  const inAreas = columns.map(({ id }) => minutesByFence.get(id) ?? 0);
  return [fixes, ...[...figures, ...inAreas].map((value) => Number(value.toFixed(2)))];
}

/** Midnight in Lima of a day `YYYY-MM-DD`. */
function limaDayMs(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) + LIMA_MIDNIGHT_MS;
}

function limaDayOf(dayMs: number): string {
  return new Date(dayMs - LIMA_MIDNIGHT_MS).toISOString().slice(0, 10);
}
