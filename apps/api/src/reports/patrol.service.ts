import { Injectable } from '@nestjs/common';
import { allows } from '#libs/access';
import type { PatrolReportView, ReportQuery } from '#libs/wire';
import type { SignedInUser } from '../access/signed-in.ts';
import { NamesStore } from './names.store.ts';
import { PatrolStore, type AttendanceRow, type PatrolRow } from './patrol.store.ts';
import { ReportDesk } from './report-desk.ts';

type UnitFigures = PatrolReportView['units'][number];

/** What units drove and attended. */
@Injectable()
export class PatrolService {
  constructor(
    private readonly desk: ReportDesk,
    private readonly patrols: PatrolStore,
    private readonly names: NamesStore,
  ) {}

  /** @throws {RefusalError} as {@link ReportDesk.make}. */
  report(query: ReportQuery, user: SignedInUser): Promise<PatrolReportView> {
    return this.desk.make(query, user, async ({ range, head, detailed, read }) => {
      const { fromDay, toDay, fromMs, toMs } = range;
      const found = await read(async (manager) => ({
        measured: await this.patrols.measured(fromDay, toDay, manager),
        driven: await this.patrols.units(fromDay, toDay, manager),
        areas: await this.patrols.areas(fromDay, toDay, manager),
        attended: await this.patrols.attendances(fromMs, toMs, manager),
        units: await this.names.units(manager),
        sectors: await this.names.sectors(manager),
        zones: await this.names.zones(manager),
      }));
      const units = unitsOf(found.driven, found.attended);
      // Areas of high risk are not told outside of the centre.
      const seesZones = allows(user.role, 'zone:view');
      const kindOf = (id: string): 'sector' | 'zone' => (id in found.sectors ? 'sector' : 'zone');
      return {
        ...head,
        // A unit is its crew: what one did is for those who lead it.
        names: { ...found.sectors, ...(seesZones ? found.zones : {}), ...(detailed ? found.units : {}) },
        measuredDays: [...found.measured.keys()],
        missingDays: range.days - found.measured.size,
        running: found.attended.reduce((sum, { running }) => sum + running, 0),
        total: totalOf(units, found.measured.size),
        units: detailed ? units : [],
        areas: found.areas
          .map((area) => ({ kind: kindOf(area.id), ...area }))
          .filter(({ kind }) => seesZones || kind === 'sector'),
      };
    });
  }
}

function unitsOf(driven: readonly PatrolRow[], attended: readonly AttendanceRow[]): UnitFigures[] {
  const ids = [...new Set([...driven, ...attended].map(({ unitId }) => unitId))];
  const track = new Map(driven.map((row) => [row.unitId, row]));
  const work = new Map(attended.map((row) => [row.unitId, row]));
  return ids.map((unitId) => {
    const {
      days = 0,
      distanceKm = 0,
      movingMin = 0,
      standingMin = 0,
      unknownMin = 0,
      maxSpeedKmh = 0,
    } = track.get(unitId) ?? {};
    const { attendances = 0, arrivals = 0, busyMin = 0 } = work.get(unitId) ?? {};
    return {
      unitId,
      days,
      distanceKm,
      movingMin,
      standingMin,
      unknownMin,
      maxSpeedKmh,
      attendances,
      arrivals,
      busyMin,
    };
  });
}

function totalOf(units: readonly UnitFigures[], days: number): PatrolReportView['total'] {
  const sum = (of: (unit: UnitFigures) => number): number => units.reduce((all, unit) => all + of(unit), 0);
  return {
    days,
    distanceKm: sum(({ distanceKm }) => distanceKm),
    movingMin: sum(({ movingMin }) => movingMin),
    standingMin: sum(({ standingMin }) => standingMin),
    unknownMin: sum(({ unknownMin }) => unknownMin),
    attendances: sum(({ attendances }) => attendances),
    arrivals: sum(({ arrivals }) => arrivals),
    busyMin: sum(({ busyMin }) => busyMin),
  };
}
