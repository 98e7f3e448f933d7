import { uuidV7 } from '#libs/base';
import type { TestApplication } from './test-application.ts';

/** A unit in service as its row is after its registration, with an optional crew on duty; answers its id. */
export async function seedUnit(
  test: Pick<TestApplication, 'clock' | 'dataSource'>,
  callSign: string,
  crew: readonly string[] = [],
): Promise<string> {
  const id = uuidV7(test.clock.nowMs());
  const duty = crew.length === 0 ? null : { shiftId: null, crew: crew.map((staffId) => ({ staffId })) };
  await test.dataSource.query(
    `INSERT INTO unit (id, call_sign, kind, status, on_duty, in_emergency, updated_at, revision, state)
     VALUES ($1, $2, 'MOV', 'available', $3, false, now(), 1, $4)`,
    [id, callSign, duty !== null, JSON.stringify({ id, callSign, duty })],
  );
  return id;
}
