import { Injectable } from '@nestjs/common';
import {
  SMALL_COUNT,
  outcomesOf,
  suppressCount,
  suppressSmall,
  timeGrouping,
  type OutcomeRow,
  type OutcomesReport,
  type ShiftLine,
} from '#libs/report';
import type { OutcomesReportView, ReportQuery } from '#libs/wire';
import type { SignedInUser } from '../access/signed-in.ts';
import { NamesStore } from './names.store.ts';
import { OutcomesStore, type AgencyRow, type TakerRow } from './outcomes.store.ts';
import { ReportDesk, type ReportJob } from './report-desk.ts';
import { ReportShifts } from './report-shifts.ts';

/** How incidents ended: attended, false, dismissed, referred. */
@Injectable()
export class OutcomesService {
  constructor(
    private readonly desk: ReportDesk,
    private readonly outcomes: OutcomesStore,
    private readonly names: NamesStore,
    private readonly shifts: ReportShifts,
  ) {}

  /** @throws {RefusalError} as {@link ReportDesk.make}. */
  report(query: ReportQuery, user: SignedInUser): Promise<OutcomesReportView> {
    return this.desk.make(query, user, async (job) => {
      const { filter, detailed } = job;
      const line = query.by === 'shift' ? await this.shifts.line(job.range) : undefined;
      const [rows, agencies, takers, names] = await job.read(async (manager) => [
        await this.outcomes.rows(query, filter, line?.startsMs, manager),
        await this.outcomes.agencies(filter, manager),
        detailed ? await this.outcomes.takers(filter, manager) : [],
        line?.names ?? (await this.namesOf(query, manager)),
      ]);
      const counted = countedBy(query, rows, line);
      return {
        ...job.head,
        by: query.by,
        names,
        ...shownOf(counted, job),
        referrals: referralsOf(agencies, takers, job),
      };
    });
  }

  private async namesOf(
    { by }: ReportQuery,
    manager: Parameters<NamesStore['types']>[0],
  ): Promise<Record<string, string>> {
    if (by === 'sector') return this.names.sectors(manager);
    return by === 'type' ? this.names.types(manager) : {};
  }
}

function countedBy({ by }: ReportQuery, rows: readonly OutcomeRow[], line: ShiftLine | undefined): OutcomesReport {
  if (line) {
    const keyOf = (cut: string | null): string | null => line.keys[line.runs[Number(cut) - 1] ?? line.keys.length - 1]!;
    return outcomesOf(
      rows.map((row) => ({ ...row, key: keyOf(row.key) })),
      line.keys,
    );
  }
  if (by !== 'hour' && by !== 'weekday') return outcomesOf(rows);
  const grouping = timeGrouping(by);
  return outcomesOf(rows, grouping.kind === 'time' ? grouping.keys : []);
}

type Shown = Pick<OutcomesReportView, 'total' | 'groups' | 'hiddenGroups' | 'dispositions' | 'dismissals'>;

function shownOf({ total, groups, dispositions, dismissals }: OutcomesReport, { detailed }: ReportJob): Shown {
  if (detailed)
    return {
      total,
      groups: [...groups],
      hiddenGroups: 0,
      dispositions: [...dispositions],
      dismissals: [...dismissals],
    };
  const { shown, hidden } = suppressSmall(groups, ({ count }) => count);
  const blurred = <T extends { count: number }>(rows: readonly T[]): (Omit<T, 'count'> & { count: number | null })[] =>
    rows.map((row) => ({ ...row, count: suppressCount(row.count) }));
  return {
    total: total.count > 0 && total.count < SMALL_COUNT ? null : total,
    groups: shown,
    hiddenGroups: hidden.length,
    dispositions: blurred(dispositions),
    dismissals: blurred(dismissals),
  };
}

function referralsOf(
  agencies: readonly AgencyRow[],
  takers: readonly TakerRow[],
  { detailed }: ReportJob,
): OutcomesReportView['referrals'] {
  const shown = detailed ? agencies : suppressSmall(agencies, ({ count }) => count).shown;
  return shown.map((row) => ({
    ...row,
    takenBy: takers.filter(({ agency }) => agency === row.agency).map(({ name, count }) => ({ name, count })),
  }));
}
