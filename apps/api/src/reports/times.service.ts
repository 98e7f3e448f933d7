import { setImmediate as turnOfLoop } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { DispatchRules } from '#libs/dispatch';
import {
  SMALL_COUNT,
  STRETCH_NAMES,
  isTimeGrouping,
  shiftGrouping,
  suppressSmall,
  tableOf,
  timeGrouping,
  timesOf,
  type Grouping,
  type ShiftLine,
  type Spread,
  type TimesGroup,
} from '#libs/report';
import type { ReportQuery, TimesReportView } from '#libs/wire';
import type { SignedInUser } from '../access/signed-in.ts';
import { DISPATCH_RULES } from '../dispatch/dispatch-rules.ts';
import { NamesStore } from './names.store.ts';
import { ReportDesk, type ReportJob } from './report-desk.ts';
import { ReportShifts } from './report-shifts.ts';
import { TimesStore } from './times.store.ts';

/** Dispatch and response times. */
@Injectable()
export class TimesService {
  constructor(
    private readonly desk: ReportDesk,
    private readonly times: TimesStore,
    private readonly names: NamesStore,
    private readonly shifts: ReportShifts,
    @Inject(DISPATCH_RULES) private readonly rules: DispatchRules,
  ) {}

  /** @throws {RefusalError} as {@link ReportDesk.make}. */
  report(query: ReportQuery, user: SignedInUser): Promise<TimesReportView> {
    return this.desk.make(query, user, async (job) => {
      const line = query.by === 'shift' ? await this.shifts.line(job.range) : undefined;
      const [runs, lives, names] = await job.read(async (manager) => [
        await this.times.runs(query, job.filter, manager),
        await this.times.lives(job.filter, manager),
        line?.names ?? (await this.namesOf(query, manager)),
      ]);
      const { targets } = this.rules;
      const found = await timesOf(tableOf(runs), groupingOf(query, line), targets, job.head.madeAtMs, () =>
        turnOfLoop(),
      );
      return {
        ...job.head,
        by: query.by,
        names,
        base: { ...lives, counted: found.total.count },
        targets,
        ...shownOf(found, job),
      };
    });
  }

  private async namesOf(
    { by }: ReportQuery,
    manager: Parameters<NamesStore['sectors']>[0],
  ): Promise<Record<string, string>> {
    if (by === 'sector') return this.names.sectors(manager);
    if (by === 'type') return this.names.types(manager);
    return {};
  }
}

function groupingOf({ by }: ReportQuery, line: ShiftLine | undefined): Grouping {
  if (line) return shiftGrouping(line);
  return isTimeGrouping(by) && by !== 'shift' ? timeGrouping(by) : { kind: 'runs' };
}

type Shown = Pick<TimesReportView, 'total' | 'groups' | 'hiddenGroups'>;

function shownOf(
  { total, groups }: { total: TimesGroup; groups: readonly TimesGroup[] },
  { detailed }: ReportJob,
): Shown {
  if (detailed) return { total, groups: [...groups], hiddenGroups: 0 };
  const { shown, hidden } = suppressSmall(groups, ({ count }) => count);
  const whole = total.count > 0 && total.count < SMALL_COUNT ? null : blurred(total);
  return { total: whole, groups: shown.map(blurred), hiddenGroups: hidden.length };
}

/** The time of one of four is nearly a time of somebody. */
function blurred(group: TimesGroup): TimesGroup {
  const few = (spread: Spread): Spread =>
    spread.n > 0 && spread.n < SMALL_COUNT ? { ...spread, medianMs: null, p90Ms: null } : spread;
  const stretches = Object.fromEntries(STRETCH_NAMES.map((name) => [name, few(group.stretches[name])]));
  return { ...group, stretches: stretches as TimesGroup['stretches'] };
}
