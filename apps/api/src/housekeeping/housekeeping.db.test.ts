import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { uuidV7 } from '#libs/base';
import type { TopicChange } from '#libs/wire';
import { seedCamera } from '../../testing/seed-cameras.ts';
import { startTestApplication, type TestApplication } from '../../testing/test-application.ts';
import { LoginSessionEntity } from '../access/login-session.entity.ts';
import { CameraCandidateEntity } from '../cameras/camera-candidate.entity.ts';
import { RealtimeService } from '../realtime/realtime.service.ts';
import { BATCH_ROWS } from './batches.ts';
import { HousekeepingService } from './housekeeping.service.ts';

const DAY_MS = 86_400_000;

let test: TestApplication;
let housekeeping: HousekeepingService;

beforeAll(async () => {
  test = await startTestApplication({ ATALAYA_SESSION_KEEP_DAYS: '20', ATALAYA_SESSION_IDLE_HOURS: '24' });
  housekeeping = test.app.get(HousekeepingService, { strict: false });
});
afterAll(() => test.close());

const daysAgo = (days: number): Date => new Date(test.clock.nowMs() - days * DAY_MS);
const idsOf = async (table: string): Promise<string[]> =>
  ((await test.dataSource.query(`SELECT id FROM ${table}`)) as { id: string }[]).map((row) => row.id).sort();

async function addSession(accountId: string, change: Partial<LoginSessionEntity>): Promise<string> {
  const id = uuidV7(test.clock.nowMs());
  await test.dataSource.manager.insert(LoginSessionEntity, {
    id,
    accountId,
    tokenHash: randomBytes(32),
    createdAt: daysAgo(100),
    lastSeenAt: daysAgo(0),
    expiresAt: daysAgo(-1),
    endedAt: null,
    ip: '127.0.0.1',
    userAgent: 'test',
    ...change,
  });
  return id;
}

async function addCandidate(name: string, lastSeenAt: Date, cameraId: string | null): Promise<string> {
  const id = uuidV7(test.clock.nowMs());
  const nothing = { endpointReference: null, hardware: '', location: '', clockErrorMs: null, clockUncertaintyMs: null };
  const place = { identity: name, host: '10.9.8.7', onvifUrl: 'http://10.9.8.7/onvif', foundBy: [] };
  const row = { ...nothing, ...place, id, name, firstSeenAt: daysAgo(90), lastSeenAt, cameraId };
  await test.dataSource.manager.insert(CameraCandidateEntity, row);
  return id;
}

describe('housekeeping', () => {
  it('forgets logins that ended, expired or idled out long ago, and no other', async () => {
    const { id } = await test.addAccount('operadora', 'operator');
    await addSession(id, { endedAt: daysAgo(21) });
    await addSession(id, { expiresAt: daysAgo(21) });
    await addSession(id, { lastSeenAt: daysAgo(21.5) });
    const kept = [
      await addSession(id, { endedAt: daysAgo(19) }),
      await addSession(id, { expiresAt: daysAgo(19) }),
      await addSession(id, { lastSeenAt: daysAgo(20.5) }),
      await addSession(id, {}),
    ];
    expect(await housekeeping.tidy()).toBe(true);
    expect(await idsOf('login_session')).toEqual(kept.sort());
  });

  it('removes more rows than one batch holds', async () => {
    const { id } = await test.addAccount('muro', 'operator');
    const before = await idsOf('login_session');
    await test.dataSource.query(
      `INSERT INTO login_session SELECT gen_random_uuid(), sha256(n::text::bytea), $1, $2, $2, $2, NULL, '', ''
       FROM generate_series(1, $3::int) n`,
      [id, daysAgo(60), BATCH_ROWS * 2 + 1],
    );
    await housekeeping.tidy();
    expect(await idsOf('login_session')).toEqual(before);
  });

  it('forgets devices that were not met for a month, never one that is a camera, and tells the screens', async () => {
    const camera = await seedCamera(test, 'C-01');
    const gone = await addCandidate('gone', daysAgo(31), null);
    const kept = [await addCandidate('fresh', daysAgo(29), null), await addCandidate('ours', daysAgo(400), camera.id)];
    const changes: TopicChange[] = [];
    test.app.get(RealtimeService, { strict: false }).listen((change) => changes.push(change));
    await housekeeping.tidy();
    expect(await idsOf('camera_candidate')).toEqual(kept.sort());
    expect(changes).toEqual([expect.objectContaining({ topic: 'candidates', kind: 'removed', id: gone })]);
  });
});
