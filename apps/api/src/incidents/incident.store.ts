import { Injectable } from '@nestjs/common';
import { DataSource, In, LessThan, Like, MoreThan, type FindOptionsWhere } from 'typeorm';
import type { Incident } from '#libs/dispatch';
import { parseEvent, type LedgerEvent } from '#libs/ledger';
import type { IncidentQuery } from '#libs/wire';
import { AccountEntity } from '../access/account.entity.ts';
import { UnitEntity } from '../units/unit.entity.ts';
import type { IncidentSource } from './incident-source.ts';
import { IncidentUnmaskEntity } from './incident-unmask.entity.ts';
import { IncidentEntity } from './incident.entity.ts';

/** A box around a point within which duplicates are looked for; wider than the radius of any rule. */
const NEAR_DEG = 0.05;
const MAX_HISTORY = 50;

/** Queries of incidents. They are written by `dispatch/board-rows.ts` alone. */
@Injectable()
export class IncidentStore {
  constructor(private readonly dataSource: DataSource) {}

  async byId(id: string, nowMs: number): Promise<IncidentSource | undefined> {
    return (await this.sourcesWhere({ id }, nowMs))[0];
  }

  byIds(ids: readonly string[], nowMs: number): Promise<IncidentSource[]> {
    return this.sourcesWhere({ id: In(ids) }, nowMs);
  }

  live(nowMs: number): Promise<IncidentSource[]> {
    return this.sourcesWhere({ live: true }, nowMs);
  }

  /** The unit on duty in whose crew an account is, and what it attends. */
  async ofCrew(accountId: string): Promise<{ unitId: string; incidentId: string | null } | undefined> {
    const rows = await this.dataSource.query<{ unitId: string; incidentId: string | null }[]>(
      `SELECT id AS "unitId", attends_incident_id AS "incidentId" FROM unit
       WHERE on_duty AND state -> 'duty' -> 'crew' @> $1::jsonb`,
      [JSON.stringify([{ staffId: accountId }])],
    );
    return rows[0];
  }

  /** The latest call first. */
  page({ life, code, typeCode, beforeMs, limit }: IncidentQuery, nowMs: number): Promise<IncidentSource[]> {
    const where: FindOptionsWhere<IncidentEntity> = {};
    if (life !== 'all') where.live = life === 'live';
    if (code !== undefined) where.code = Like(`${code}%`);
    if (typeCode !== undefined) where.typeCode = typeCode;
    if (beforeMs !== undefined) where.callAt = LessThan(new Date(beforeMs));
    return this.sourcesWhere(where, nowMs, limit);
  }

  /** Live ones around a point. */
  async near(latitudeDeg: number, longitudeDeg: number, nowMs: number): Promise<IncidentSource[]> {
    const rows = await this.dataSource.query<{ id: string }[]>(
      `SELECT id FROM incident WHERE live AND latitude_deg BETWEEN $1::float8 - $3::float8 AND $1::float8 + $3::float8
       AND longitude_deg BETWEEN $2::float8 - $3::float8 AND $2::float8 + $3::float8`,
      [latitudeDeg, longitudeDeg, NEAR_DEG],
    );
    return rows.length === 0
      ? []
      : this.byIds(
          rows.map(({ id }) => id),
          nowMs,
        );
  }

  /** Incidents that somebody called about from a phone, with the time of that call, the last call first. */
  async calledFrom(phone: string, nowMs: number): Promise<{ source: IncidentSource; atMs: number }[]> {
    const calls = await this.dataSource.query<{ id: string; at: Date }[]>(
      'SELECT incident_id AS id, received_at AS at FROM incident_call WHERE phone = $1 ORDER BY received_at DESC LIMIT $2',
      [phone, MAX_HISTORY],
    );
    const sources = await this.byIds([...new Set(calls.map(({ id }) => id))], nowMs);
    const byId = new Map(sources.map((source) => [source.incident.id, source]));
    return calls.map(({ id, at }) => ({ source: byId.get(id)!, atMs: at.getTime() }));
  }

  /**
   * What the ledger tells of an incident after a number: events about it, and those about another that name it (a link, a
   * merge into it), which all come after its own first.
   */
  async events({ id }: Incident, after: number, limit: number): Promise<LedgerEvent[]> {
    const rows = await this.dataSource.query<{ text: string }[]>(
      `(SELECT seq, text FROM ledger_entry WHERE subject_type = 'incident' AND subject_id = $1 AND seq > $2
        ORDER BY seq LIMIT $3)
       UNION ALL
       (SELECT seq, text FROM ledger_entry
        WHERE kind IN ('incident:linked', 'incident:unlinked', 'incident:merged') AND subject_id <> $1 AND strpos(text, $1) > 0
          AND seq > greatest($2, (SELECT min(seq) FROM ledger_entry WHERE subject_type = 'incident' AND subject_id = $1))
        ORDER BY seq LIMIT $3)
       ORDER BY seq LIMIT $3`,
      [id, after, limit],
    );
    return rows.map(({ text }) => parseEvent(text)).filter((event) => event !== undefined);
  }

  /** Display names of accounts. */
  async names(accountIds: readonly string[]): Promise<Record<string, string>> {
    if (accountIds.length === 0) return {};
    const accounts = await this.dataSource.manager.find(AccountEntity, {
      where: { id: In(accountIds) },
      select: { id: true, displayName: true },
    });
    return Object.fromEntries(accounts.map(({ id, displayName }) => [id, displayName]));
  }

  private async sourcesWhere(
    where: FindOptionsWhere<IncidentEntity>,
    nowMs: number,
    take?: number,
  ): Promise<IncidentSource[]> {
    const { manager } = this.dataSource;
    const found = await manager.find(IncidentEntity, {
      where,
      select: { id: true, revision: true, masked: true, state: true as never },
      order: { callAt: 'DESC', id: 'DESC' },
      ...(take === undefined ? {} : { take }),
    });
    const masked = found.filter((row) => row.masked).map(({ id }) => id);
    const [units, unmasks] = await Promise.all([
      found.length === 0
        ? []
        : manager.find(UnitEntity, {
            where: { attendsIncidentId: In(found.map(({ id }) => id)) },
            select: { id: true, callSign: true },
          }),
      masked.length === 0
        ? []
        : manager.findBy(IncidentUnmaskEntity, { incidentId: In(masked), untilAt: MoreThan(new Date(nowMs)) }),
    ]);
    const callSigns = new Map(units.map(({ id, callSign }) => [id, callSign]));
    return found.map(({ id, state, revision }) => {
      const own = unmasks.filter(({ incidentId }) => incidentId === id);
      return {
        incident: state,
        revision: Number(revision),
        unmasks: new Map(own.map(({ accountId, untilAt }) => [accountId, untilAt.getTime()])),
        callSigns,
      };
    });
  }
}
