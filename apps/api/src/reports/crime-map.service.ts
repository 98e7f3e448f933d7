import { Inject, Injectable } from '@nestjs/common';
import { isInRing } from '#libs/geo';
import {
  SMALL_COUNT,
  TownGrid,
  heatOf,
  hotSpotsOf,
  suppressSmall,
  type HeatCell,
  type HotSpot,
  type HotSpotsReport,
} from '#libs/report';
import type { HotSpotView, MapReportView, ReportQuery } from '#libs/wire';
import type { SignedInUser } from '../access/signed-in.ts';
import { API_CONFIG, type ApiConfig } from '../config.ts';
import { SectorStore } from '../sectors/sector.store.ts';
import { CrimeMapStore } from './crime-map.store.ts';
import { ReportDesk, type ReportJob } from './report-desk.ts';

/** Narrower than this the heat is the street grid, not the town. */
const MIN_BANDWIDTH_M = 300;
/** What is cooler than this share of the hottest has no colour, and is not sent. */
const COLDEST_SHARE = 0.005;
const MAX_SPOTS = 60;

type Outline = MapReportView['sectors'][number];

/** Where things happen: counts in cells, heat, and hot spots. */
@Injectable()
export class CrimeMapService {
  constructor(
    private readonly desk: ReportDesk,
    private readonly map: CrimeMapStore,
    private readonly sectors: SectorStore,
    @Inject(API_CONFIG) private readonly config: ApiConfig,
  ) {}

  /** @throws {RefusalError} as {@link ReportDesk.make}. */
  report(query: ReportQuery, user: SignedInUser): Promise<MapReportView> {
    return this.desk.make(query, user, async (job) => {
      const grid = new TownGrid(this.config.map.centre, query.cellM);
      const [study, counts, masked, drawn] = await job.read(async (manager) => [
        await this.map.cells(grid, job.filter, manager),
        await this.map.counts(job.filter, manager),
        await this.map.maskedBySector(job.filter, manager),
        await this.sectors.all(manager),
      ]);
      const sectors = drawn
        .filter(({ kind }) => kind === 'patrol')
        .map(({ id, name, polygon }): Outline => ({ id, name, ring: polygon }));
      const counted = study.flatMap(({ column, row, count }) => (count > 0 ? [{ column, row, count }] : []));
      // From here on nobody gets, nor can work back to, what is not shown to them: heat and spots are made of what is.
      const cells = job.detailed ? counted : counted.filter(({ count }) => count >= SMALL_COUNT);
      const bandwidthM = Math.max(MIN_BANDWIDTH_M, 2 * query.cellM);
      const sum = (some: readonly { count: number }[]): number => some.reduce((all, { count }) => all + count, 0);
      return {
        ...job.head,
        names: Object.fromEntries(drawn.map(({ id, name }) => [id, name])),
        grid: gridOf(grid, bandwidthM),
        base: { ...counts, shown: sum(cells), small: sum(counted) - sum(cells) },
        cells,
        heat: visible(heatOf(cells, query.cellM, bandwidthM)),
        hotSpots: spotsOf(hotSpotsOf(study, cells), grid, sectors, job),
        maskedBySector: job.detailed ? masked : suppressSmall(masked, ({ count }) => count).shown,
        sectors,
      };
    });
  }
}

function gridOf(
  { centre, cellM, stepLatitudeDeg, stepLongitudeDeg }: TownGrid,
  bandwidthM: number,
): MapReportView['grid'] {
  const origin = { originLatitudeDeg: centre.latitudeDeg, originLongitudeDeg: centre.longitudeDeg };
  return { cellM, bandwidthM, ...origin, stepLatitudeDeg, stepLongitudeDeg };
}

function visible(heat: readonly HeatCell[]): HeatCell[] {
  const hottest = heat.reduce((most, { perKm2 }) => Math.max(most, perKm2), 0);
  return heat.filter(({ perKm2 }) => perKm2 >= hottest * COLDEST_SHARE);
}

function spotsOf(
  found: HotSpotsReport,
  grid: TownGrid,
  sectors: readonly Outline[],
  { detailed }: ReportJob,
): MapReportView['hotSpots'] {
  if (found.kind === 'too-few') return found;
  const placed = found.spots.filter(({ count }) => detailed || count >= SMALL_COUNT).slice(0, MAX_SPOTS);
  return { ...found, spots: placed.map((spot) => spotOf(spot, grid, sectors)) };
}

function spotOf(spot: HotSpot, grid: TownGrid, sectors: readonly Outline[]): HotSpotView {
  const middle = grid.middleOf(spot);
  const sectorId = sectors.find(({ ring }) => isInRing(middle, ring))?.id ?? null;
  return { ...spot, ...middle, sectorId };
}
