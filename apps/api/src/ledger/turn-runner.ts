import type { DataSource, EntityManager, QueryRunner } from 'typeorm';

/** What a command may not do with the connection that all commands share. */
const FORBIDDEN = [
  'startTransaction',
  'commitTransaction',
  'rollbackTransaction',
  'release',
  'stream',
  'connect',
] as const;

/** The entity manager of one turn, and how to take it away. */
export interface TurnManager {
  readonly manager: EntityManager;
  /** From now on every use throws: a promise that a command forgot cannot write in its neighbour's turn. */
  revoke(): void;
  /** Resolves once every statement that the command sent was answered, awaited by it or not. */
  quiet(): Promise<void>;
  /** A statement failed, whether the command told of it or not: all that it did has to be undone. Ask when it is quiet. */
  failed(): boolean;
}

export function turnManager(dataSource: DataSource, runner: QueryRunner): TurnManager {
  let over = false;
  let failed = false;
  const sent = new Set<Promise<unknown>>();
  const query: QueryRunner['query'] = (...args: Parameters<QueryRunner['query']>) => {
    if (over) return Promise.reject(new Error('the turn of this command is over'));
    const answer = runner.query(...args);
    sent.add(answer);
    const forget = (): boolean => sent.delete(answer);
    answer.then(forget, () => {
      failed = true;
      forget();
    });
    return answer;
  };
  const guarded = new Proxy(runner, {
    get: (target, name) => {
      if (name === 'query') return query;
      // TypeORM locks rows only for those who are in a transaction; it did not begin this one, so it is told.
      if (name === 'isTransactionActive') return true;
      if (FORBIDDEN.some((forbidden) => forbidden === name)) return forbid;
      return Reflect.get(target, name) as unknown;
    },
  });
  return {
    manager: dataSource.createEntityManager(guarded),
    revoke: () => (over = true),
    quiet: async () => void (await Promise.allSettled(sent)),
    failed: () => failed,
  };
}

function forbid(): never {
  throw new Error("a command runs in the ledger's transaction: it begins and ends none");
}
