import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { OutcomeRow } from '#libs/report';
import type { ReportQuery } from '#libs/wire';
import { KEY_COLUMN, LOCAL_CALL, type Filter } from './report-filter.ts';

/** Referrals to one agency. */
export interface AgencyRow {
  readonly agency: string;
  readonly count: number;
  readonly taken: number;
  readonly declined: number;
  readonly unanswered: number;
  readonly medianMs: number | null;
  readonly p90Ms: number | null;
}

export interface TakerRow {
  readonly agency: string;
  readonly name: string;
  readonly count: number;
}

/** Names that one agency lists. */
const MAX_TAKERS = 8;

/** Keys of what follows from the time of a call. */
const TIME_KEY = {
  hour: `to_char(${LOCAL_CALL}, 'HH24')`,
  weekday: `extract(dow FROM ${LOCAL_CALL})::text`,
} as const;

/** Counts how incidents ended. */
@Injectable()
export class OutcomesStore {
  /** @param cutsMs where shifts begin: then the key is how many of them a call lies behind. */
  rows(
    { by }: ReportQuery,
    filter: Filter,
    cutsMs: readonly number[] | undefined,
    manager: EntityManager,
  ): Promise<OutcomeRow[]> {
    const keys: Readonly<Partial<Record<string, string>>> = { ...KEY_COLUMN, ...TIME_KEY };
    const cuts = cutsMs?.map((atMs) => new Date(atMs).toISOString());
    const key = cuts ? `width_bucket(call_at, $${filter.values.length + 1}::timestamptz[])::text` : keys[by];
    return manager.query(
      `SELECT ${key} AS key, life, disposition, dismissal, referred, count(*)::int AS count FROM incident_figure
       WHERE ${filter.where} GROUP BY 1, 2, 3, 4, 5 ORDER BY 1`,
      [...filter.values, ...(cuts ? [cuts] : [])],
    );
  }

  /** By the time of the call, like everything else. */
  agencies(filter: Filter, manager: EntityManager): Promise<AgencyRow[]> {
    return manager.query(
      `SELECT agency, count(*)::int AS count, (count(*) FILTER (WHERE answer = 'taken'))::int AS taken,
         (count(*) FILTER (WHERE answer = 'declined'))::int AS declined,
         (count(*) FILTER (WHERE answer IS NULL))::int AS unanswered,
         percentile_cont(0.5) WITHIN GROUP (ORDER BY answer_ms) AS "medianMs",
         percentile_cont(0.9) WITHIN GROUP (ORDER BY answer_ms) AS "p90Ms"
       FROM referral_figure WHERE incident_id IN (${selected(filter)}) AND call_at >= $1 AND call_at < $2
       GROUP BY agency ORDER BY count(*) DESC, agency`,
      [...filter.values],
    );
  }

  takers(filter: Filter, manager: EntityManager): Promise<TakerRow[]> {
    return manager.query(
      `SELECT agency, name, count FROM (
         SELECT agency, taken_by AS name, count(*)::int AS count,
           row_number() OVER (PARTITION BY agency ORDER BY count(*) DESC, taken_by) AS place
         FROM referral_figure WHERE answer = 'taken' AND incident_id IN (${selected(filter)}) AND call_at >= $1 AND call_at < $2
         GROUP BY agency, taken_by) takers
       WHERE place <= ${MAX_TAKERS} ORDER BY agency, place`,
      [...filter.values],
    );
  }
}

function selected({ where }: Filter): string {
  return `SELECT incident_id FROM incident_figure WHERE ${where} AND referred AND life <> 'merged'`;
}
