import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { allows } from '#libs/access';
import { RefusalError } from '#libs/base';
import { SMALL_COUNT, dayRange, type DayRange } from '#libs/report';
import type { ReportQuery } from '#libs/wire';
import type { SignedInUser } from '../access/signed-in.ts';
import { CLOCK, type Clock } from '../clock.ts';
import { FigureKeeper } from './figure-keeper.ts';
import { filterOf, type Filter } from './report-filter.ts';
import { ReportReader } from './report-reader.ts';
import { ReportTurns } from './report-turns.ts';

/** What every report begins with. */
export interface ReportHead {
  readonly fromDay: string;
  readonly toDay: string;
  readonly madeAtMs: number;
  readonly throughSeq: number;
  readonly behind: boolean;
  readonly smallBelow: number | null;
}

/** What a report is made from. */
export interface ReportJob {
  readonly query: ReportQuery;
  readonly range: DayRange;
  readonly filter: Filter;
  readonly head: ReportHead;
  /** Small numbers and names are shown. */
  readonly detailed: boolean;
  /** Reads one moment of the database, and nothing but reads. */
  readonly read: <T>(work: (manager: EntityManager) => Promise<T>) => Promise<T>;
}

/** Where reports are asked for: checks the range, waits for a turn, counts what is new, and says how far the numbers are. */
@Injectable()
export class ReportDesk {
  constructor(
    private readonly turns: ReportTurns,
    private readonly keeper: FigureKeeper,
    private readonly reader: ReportReader,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws {RefusalError} `report-range-wrong`, `report-busy`, `report-too-slow`. */
  async make<T>(query: ReportQuery, user: SignedInUser, work: (job: ReportJob) => Promise<T>): Promise<T> {
    const range = dayRange(query.fromDay, query.toDay);
    if (!range.ok) throw new RefusalError(range.refusal);
    const detailed = allows(user.role, 'report:detail');
    return this.turns.run(user.accountId, async () => {
      const { throughSeq, behind } = await this.keeper.current();
      const { fromDay, toDay, fromMs, toMs } = range.value;
      const smallBelow = detailed ? null : SMALL_COUNT;
      const head = { fromDay, toDay, madeAtMs: this.clock.nowMs(), throughSeq, behind, smallBelow };
      const filter = filterOf(query, fromMs, toMs);
      const read = <R>(ask: (manager: EntityManager) => Promise<R>): Promise<R> => this.reader.read(ask);
      return work({ query, range: range.value, filter, head, detailed, read });
    });
  }
}
