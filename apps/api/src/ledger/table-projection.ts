import type { EntityManager } from 'typeorm';
import type { LedgerEvent } from '#libs/ledger';
import type { Projection, ProjectionDifference } from './projection.ts';

export interface ProjectedTable {
  readonly table: string;
  /** Columns of its primary key. */
  readonly key: readonly string[];
  /** Columns that follow from the ledger, the key among them. What is not here (a cache, a last position) is not compared. */
  readonly columns: readonly string[];
}

/**
 * A projection that is one or more tables. The rebuild writes into temporary tables of the same names, which PostgreSQL finds
 * before the real ones: `apply` is the very code that writes them in normal work, and cannot touch what is there.
 */
export class TableProjection implements Projection {
  constructor(
    readonly name: string,
    private readonly tables: readonly ProjectedTable[],
    private readonly applyEvent: (event: LedgerEvent, manager: EntityManager) => Promise<void>,
  ) {}

  async reset(manager: EntityManager): Promise<void> {
    for (const { table } of this.tables) {
      await manager.query(
        `CREATE TEMPORARY TABLE "${table}" (LIKE public."${table}" INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING INDEXES) ON COMMIT DROP`,
      );
    }
  }

  apply(event: LedgerEvent, manager: EntityManager): Promise<void> {
    return this.applyEvent(event, manager);
  }

  async diff(manager: EntityManager, limit: number): Promise<ProjectionDifference[]> {
    const found: ProjectionDifference[] = [];
    for (const projected of this.tables) {
      found.push(...(await this.inFirstOnly('pg_temp', 'public', projected, 'missing', limit, manager)));
      found.push(...(await this.inFirstOnly('public', 'pg_temp', projected, 'unexpected', limit, manager)));
    }
    return found.slice(0, limit);
  }

  private async inFirstOnly(
    first: string,
    second: string,
    { table, key, columns }: ProjectedTable,
    problem: ProjectionDifference['problem'],
    limit: number,
    manager: EntityManager,
  ): Promise<ProjectionDifference[]> {
    const names = columns.map((column) => `"${column}"`).join(', ');
    const id = key.map((column) => `"${column}"::text`).join(` || '/' || `);
    const rows = await manager.query<{ id: string }[]>(
      `SELECT ${id} AS id FROM (SELECT ${names} FROM ${first}."${table}" EXCEPT SELECT ${names} FROM ${second}."${table}") AS differing
       ORDER BY 1 LIMIT $1`,
      [limit],
    );
    return rows.map((row) => ({ what: `${table} ${row.id}`, problem }));
  }
}
