import { uuidV7 } from '#libs/base';
import type { Unit } from '#libs/dispatch';
import type { TestApplication } from './test-application.ts';

/** A unit in service as its row is after its registration, with an optional crew on duty; answers its id. */
export async function seedUnit(
  test: Pick<TestApplication, 'clock' | 'dataSource'>,
  callSign: string,
  crew: readonly string[] = [],
): Promise<string> {
  const nowMs = test.clock.nowMs();
  const id = uuidV7(nowMs);
  const members = crew.map((staffId) => ({ staffId, name: staffId, post: 'sereno', skills: [] }) as const);
  const duty = { shiftId: null, sinceMs: nowMs, crew: members, startKm: null, assignments: 0, busyMs: 0 };
  const state: Unit = {
    id,
    callSign,
    kind: 'MOV',
    vehicle: null,
    equipment: [],
    sectorId: null,
    checkInEveryMs: null,
    state: { kind: 'free', status: 'available', sinceMs: nowMs },
    duty: crew.length === 0 ? null : duty,
    heardAtMs: nowMs,
    clearedAtMs: null,
    sos: null,
    retiredAtMs: null,
    updatedAtMs: nowMs,
  };
  await test.dataSource.query(
    `INSERT INTO unit (id, call_sign, kind, status, on_duty, in_emergency, updated_at, revision, state)
     VALUES ($1, $2, 'MOV', 'available', $3, false, now(), 1, $4)`,
    [id, callSign, crew.length > 0, JSON.stringify(state)],
  );
  return id;
}
