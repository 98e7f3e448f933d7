import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { RefusalError, refusal } from '#libs/base';

/** A report that takes longer is given up: it is not worth what it costs the others. */
const STATEMENT_TIMEOUT_MS = 5_000;
/** PostgreSQL: query_canceled, which is also what a statement timeout says. */
const QUERY_CANCELED = '57014';

/**
 * Runs the questions of a report: read only, of one moment, with a time of its own, and on one core of the database. What they
 * group by has few values: the planner, which does not know how much is gathered of each, would sort all rows.
 */
@Injectable()
export class ReportReader {
  constructor(private readonly dataSource: DataSource) {}

  /** @throws {RefusalError} `report-too-slow`. */
  async read<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    try {
      return await this.dataSource.transaction('REPEATABLE READ', async (manager) => {
        await manager.query('SET TRANSACTION READ ONLY');
        await manager.query(
          `SELECT set_config('statement_timeout', $1, true), set_config('max_parallel_workers_per_gather', '0', true),
             set_config('jit', 'off', true), set_config('work_mem', '64MB', true), set_config('enable_sort', 'off', true)`,
          [String(STATEMENT_TIMEOUT_MS)],
        );
        return work(manager);
      });
    } catch (thrown) {
      if ((thrown as { code?: unknown }).code !== QUERY_CANCELED) throw thrown;
      throw new RefusalError(
        refusal(
          'unavailable',
          'report-too-slow',
          `a report takes at most ${STATEMENT_TIMEOUT_MS / 1_000} s: ask for less`,
        ),
      );
    }
  }
}
