import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type {
  ErrorBody,
  IncidentItem,
  ReplayOpeningView,
  ReplayOutlineView,
  ReplayPageView,
  ReplayTracksView,
} from '#libs/wire';
import { startTestApplication, type TestApplication } from '../../testing/test-application.ts';
import { AT_PLAZA, PLAZA, TestCentre } from '../../testing/test-centre.ts';
import { TrackStore } from '../positions/track.store.ts';

const MINUTE_MS = 60_000;
const SECRET = 'Jr. Callao 999';
const TOLD = 'Dice llamarse Rosa Quispe';

let test: TestApplication;
let centre: TestCentre;
let startMs: number;
const moments = new Map<string, number>();
let ordinary: string;
let masked: string;
let unitId: string;

beforeAll(async () => {
  test = await startTestApplication();
  centre = new TestCentre(test);
  await centre.hire('beto', 'dispatcher');
  await centre.hire('sara', 'supervisor');
  await centre.hire('olga', 'auditor');
  await centre.hire('ana', 'administrator');
  startMs = test.clock.nowMs();
  await live();
});
afterAll(() => test.close());

const act = (id: string, wish: object) => centre.do('beto', `/api/incidents/${id}/dispatch`, wish);
/** Names this moment, and lets a minute pass. */
function mark(name: string): void {
  moments.set(name, test.clock.nowMs());
  test.clock.forward(MINUTE_MS);
}
const at = (name: string): number => Math.ceil(moments.get(name)!) + 1_000;

/** Twelve minutes of a centre: what every test looks back at. */
async function live(): Promise<void> {
  test.clock.forward(MINUTE_MS);
  unitId = await centre.unit('sara');
  mark('quiet');
  ordinary = await centre.open('beto', { typeCode: 'ORD-01' });
  mark('opened');
  await act(ordinary, { kind: 'assign', unitId, assignmentId: randomUUID() });
  mark('assigned');
  await act(ordinary, { kind: 'arrive', unitId });
  mark('arrived');
  const place = { ...AT_PLAZA, address: SECRET };
  masked = await centre.open('beto', { typeCode: 'VIF-01', place });
  await centre.do('beto', `/api/incidents/${masked}/intake`, {
    kind: 'addNarrative',
    narrativeId: randomUUID(),
    text: TOLD,
  });
  mark('masked');
  await act(ordinary, { kind: 'clear', unitId });
  await act(ordinary, { kind: 'close', disposition: 'attended' });
  mark('closed');
  mark('end');
}

const range = () => ({ fromMs: Math.floor(startMs), toMs: Math.floor(test.clock.nowMs()) });

async function open(who: string, body: object = { reason: 'Revisión del turno', ...range() }) {
  const { status, body: opening } = await centre.ask<ReplayOpeningView>(who, 'POST', '/api/replay', body);
  if (status !== 201) throw new Error(JSON.stringify(opening));
  return opening;
}
const page = (who: string, { id }: ReplayOpeningView, query: string) =>
  centre.get<ReplayPageView>(who, `/api/replay/${id}/page?${query}`);

/** The incidents at a moment, as a page puts them together. */
function boardAt({ board, changes }: ReplayPageView, atMs: number): Map<string, IncidentItem> {
  const shown = new Map(board.incidents.map((one) => [one.id, one]));
  for (const change of changes.filter((one) => one.atMs <= atMs))
    for (const one of change.incidents) shown.set(one.id, one);
  return shown;
}

describe('opening a replay', () => {
  it('asks for an incident or a reason, and leaves a trace', async () => {
    const { fromMs, toMs } = range();
    const wrong = [
      { fromMs, toMs },
      { reason: 'x', fromMs, toMs },
      { reason: 'Sin fin', fromMs },
      { reason: 'Sin nada' },
    ];
    for (const body of wrong) expect((await centre.ask('sara', 'POST', '/api/replay', body)).status).toBe(400);
    const opening = await open('sara', { incidentId: ordinary });
    expect(opening).toMatchObject({ incidentId: ordinary, reason: '' });
    expect(opening.toMs - opening.fromMs).toBeLessThan(24 * 60 * MINUTE_MS);
    const lines: unknown[] = await test.dataSource.query(
      `SELECT action, account_name, details FROM audit_entry WHERE action = 'replay:open' AND object_id = $1`,
      [opening.id],
    );
    expect(lines).toMatchObject([
      { account_name: 'sara', details: { fromMs: opening.fromMs, toMs: opening.toMs, incident: expect.any(String) } },
    ]);
  });

  it('shows no more than a day, none of what is to come, and no incident that is not', async () => {
    const nowMs = Math.floor(test.clock.nowMs());
    const refused = async (body: object) => (await centre.ask('sara', 'POST', '/api/replay', body)).body.code;
    const reason = 'Revisión';
    expect(await refused({ reason, fromMs: nowMs - 25 * 60 * MINUTE_MS, toMs: nowMs })).toBe('replay-range-wrong');
    expect(await refused({ reason, fromMs: nowMs, toMs: nowMs - 1 })).toBe('replay-range-wrong');
    expect(await refused({ reason, fromMs: nowMs + MINUTE_MS, toMs: nowMs + 2 * MINUTE_MS })).toBe(
      'replay-range-wrong',
    );
    expect(await refused({ incidentId: randomUUID() })).toBe('incident-unknown');
    const opening = await open('sara', { reason, fromMs: nowMs - 1_000, toMs: nowMs + 60 * MINUTE_MS });
    expect(opening.toMs).toBeLessThanOrEqual(Math.ceil(test.clock.nowMs()));
  });

  it('is for the one who opened it, and ends', async () => {
    const opening = await open('sara');
    const ask = (who: string) => centre.ask<ErrorBody>(who, 'GET', `/api/replay/${opening.id}`);
    expect((await ask('sara')).status).toBe(200);
    expect(await ask('ana')).toMatchObject({ status: 404, body: { code: 'replay-not-open' } });
    expect((await ask('beto')).body.code).toBe('permission-missing');
    await test.dataSource.query('UPDATE replay_opening SET expires_at = $2 WHERE id = $1', [
      opening.id,
      new Date(test.clock.nowMs() - 1),
    ]);
    expect((await ask('sara')).body.code).toBe('replay-not-open');
  });

  it('answers only for moments within it', async () => {
    const opening = await open('sara', { reason: 'Revisión', fromMs: at('opened'), toMs: at('arrived') });
    for (const what of ['page', 'tracks'])
      expect(
        (await centre.ask('sara', 'GET', `/api/replay/${opening.id}/${what}?atMs=${at('closed')}`)).body.code,
      ).toBe('replay-outside');
    const { changes, board } = await page('sara', opening, `atMs=${at('opened')}`);
    expect(board.incidents).toMatchObject([{ id: ordinary, status: 'classified', units: [] }]);
    // An entry that is not for a supervisor (the ledger's own) is there without a word.
    expect(changes.flatMap(({ line }) => line?.event.kind ?? [])).toEqual(['assignment:made', 'assignment:advanced']);
    expect((await page('sara', opening, 'after=999999')).upTo).toBe(changes.at(-1)!.seq);
  });
});

describe('a replay', () => {
  it('shows the board as it was at each moment, and its log', async () => {
    const opening = await open('sara');
    const whole = await page('sara', opening, `atMs=${opening.fromMs}`);
    expect(whole).toMatchObject({
      previousAfter: null,
      nextAfter: null,
      fromMs: opening.fromMs,
      untilMs: opening.toMs,
    });
    const statusAt = (name: string) => boardAt(whole, at(name)).get(ordinary)?.status;
    expect(['quiet', 'opened', 'assigned', 'arrived', 'closed'].map(statusAt)).toEqual([
      undefined,
      'classified',
      'assigned',
      'on-scene',
      'closed',
    ]);
    expect(boardAt(whole, at('arrived')).get(ordinary)!.units).toEqual([
      { unitId, callSign: unitId.slice(0, 8), phase: 'on-scene' },
    ]);
    const arrived = whole.changes.find(({ line }) => line?.event['phase'] === 'on-scene')!;
    expect(arrived.units).toMatchObject([{ id: unitId, status: 'on-scene', attends: { incidentId: ordinary } }]);
    // Clocks stand as they stood then: two minutes on the way, whatever the hour is now.
    expect(arrived.incidents[0]!.timers.find(({ kind }) => kind === 'on-scene')).toMatchObject({
      doneAtMs: arrived.atMs,
    });
  });

  it('shows the same from any page of any opening', async () => {
    const late = await open('sara', { reason: 'Revisión', fromMs: at('arrived'), toMs: at('end') });
    const first = await page('sara', late, `atMs=${at('masked')}`);
    expect(first.board.incidents).toMatchObject([{ id: ordinary, status: 'on-scene' }]);
    expect(first.board.units).toMatchObject([{ id: unitId, status: 'on-scene' }]);
    const whole = await page('sara', await open('sara'), `atMs=${at('masked')}`);
    for (const name of ['masked', 'closed', 'end'])
      expect(boardAt(first, at(name)).get(ordinary)).toEqual(boardAt(whole, at(name)).get(ordinary));
  });

  it('draws what happened when', async () => {
    const opening = await open('sara');
    const outline = await centre.get<ReplayOutlineView>('sara', `/api/replay/${opening.id}`);
    expect(outline.entries).toHaveLength(288);
    const { changes } = await page('sara', opening, `atMs=${opening.fromMs}`);
    expect(outline.entries.reduce((sum, one) => sum + one, 0)).toBe(changes.length);
    expect(outline.opened.reduce((sum, one) => sum + one, 0)).toBe(2);
    expect(outline.spans).toMatchObject([
      { incidentId: ordinary, typeCode: 'ORD-01', toMs: expect.any(Number) },
      { incidentId: masked, typeCode: 'VIF-01', toMs: null },
    ]);
    const column = Math.floor(
      ((outline.spans[0]!.fromMs - opening.fromMs) / (opening.toMs - opening.fromMs)) * outline.opened.length,
    );
    expect(outline.opened[column]).toBe(1);
  });

  it('hides what is masked today in yesterday, in board, log and file', async () => {
    const seenBy = async (who: string): Promise<string> => {
      const opening = await open(who);
      const shown = await page(who, opening, `atMs=${opening.fromMs}`);
      const file = await test.call('GET', `/api/replay/${opening.id}/log.csv`, { cookie: centre.cookieOf(who) });
      expect(file.status).toBe(200);
      return JSON.stringify(shown) + (await file.text());
    };
    for (const who of ['sara', 'olga', 'ana']) {
      const text = await seenBy(who);
      expect(text).toContain(masked);
      for (const secret of [
        SECRET,
        TOLD,
        'Rosa',
        String(PLAZA.latitudeDeg) + ',"longitudeDeg":-71.3453},"sectorId":null,"address":"Jr',
      ])
        expect([who, secret, text.includes(secret)]).toEqual([who, secret, false]);
    }
    // Who gave a reason sees it for a while, in the past too.
    await centre.do('sara', `/api/incidents/${masked}/unmask`, { reason: 'Pedido de la fiscalía' });
    expect(await seenBy('sara')).toContain(TOLD);
    expect(await seenBy('olga')).not.toContain(TOLD);
    // What was told while nothing was masked is hidden as soon as it is.
    expect(await seenBy('olga')).toContain('-17.6459');
    await centre.do('beto', `/api/incidents/${ordinary}/intake`, { kind: 'mask', reason: 'Menor de edad' });
    const opening = await open('olga');
    const { changes } = await page('olga', opening, `atMs=${opening.fromMs}`);
    const opened = changes.find(({ line }) => line?.event.kind === 'incident:opened')!;
    expect(opened.incidents[0]!.place!.point).toEqual({ latitudeDeg: -17.646, longitudeDeg: -71.345 });
    expect(opened.line!.hidden).toContain('place');
  });

  it('exports the log of its time as CSV, and says so in the audit', async () => {
    const opening = await open('olga', { reason: 'Auditoría', fromMs: at('quiet'), toMs: at('assigned') });
    const response = await test.call('GET', `/api/replay/${opening.id}/log.csv`, { cookie: centre.cookieOf('olga') });
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const lines = (await response.text())
      .trimEnd()
      .split('\r\n')
      .filter((line) => !line.includes('ledger:'));
    expect(lines[0]).toBe('seq,at,kind,incident,unit,by,hidden,event');
    expect(lines.slice(1).map((line) => line.split(',')[2])).toEqual([
      'incident:opened',
      'incident:classified',
      'assignment:made',
    ]);
    expect(lines.at(-1)).toContain(unitId.slice(0, 8));
    const audit: unknown[] = await test.dataSource.query(
      `SELECT details FROM audit_entry WHERE action = 'replay:export' AND object_id = $1`,
      [opening.id],
    );
    expect(audit).toMatchObject([{ details: { entries: expect.any(Number) } }]);
  });
});

describe('tracks of a replay', () => {
  it('are where units were, one position a step, and the last one at the start of a page', async () => {
    const fixAt = (takenAtMs: number, bearingDeg: number) => ({
      unitId,
      deviceId: null,
      receivedAtMs: takenAtMs,
      late: false,
      fix: {
        point: { ...PLAZA, longitudeDeg: PLAZA.longitudeDeg + bearingDeg / 10_000 },
        takenAtMs,
        speedKmh: 20,
        bearingDeg,
        altitudeM: null,
        accuracyM: 5,
        hdop: null,
        batteryShare: null,
        charging: null,
      },
    });
    const fromMs = Math.floor(at('opened') / 1_000) * 1_000;
    // Two within one second: the later one is shown.
    const fixes = [fixAt(fromMs - 500, 1), fixAt(fromMs + 100, 2), fixAt(fromMs + 900, 3), fixAt(fromMs + 5_000, 4)];
    await test.app.get(TrackStore, { strict: false }).insert(fixes);
    const opening = await open('sara', { reason: 'Revisión', fromMs, toMs: fromMs + 5 * MINUTE_MS });
    const { board } = await page('sara', opening, `atMs=${fromMs}`);
    expect(board.units.find(({ id }) => id === unitId)!.position).toMatchObject({
      takenAtMs: fromMs - 500,
      age: 'fresh',
    });
    const piece = await centre.get<ReplayTracksView>('sara', `/api/replay/${opening.id}/tracks?atMs=${fromMs}`);
    expect(piece).toMatchObject({ kept: true, stepMs: 1_000, fromMs });
    expect(piece.tracks).toEqual([
      {
        unitId,
        fixes: [
          [fromMs + 900, PLAZA.latitudeDeg, expect.closeTo(PLAZA.longitudeDeg + 0.0003, 6), 3, 20],
          [fromMs + 5_000, PLAZA.latitudeDeg, expect.closeTo(PLAZA.longitudeDeg + 0.0004, 6), 4, 20],
        ],
      },
    ]);
  });

  it('say that none are kept of a day that is gone', async () => {
    const fromMs = Math.floor(startMs) - 400 * 24 * 60 * MINUTE_MS;
    const opening = await open('sara', { reason: 'Año pasado', fromMs, toMs: fromMs + MINUTE_MS });
    const piece = await centre.get<ReplayTracksView>('sara', `/api/replay/${opening.id}/tracks?atMs=${fromMs}`);
    expect(piece).toMatchObject({ kept: false, tracks: [] });
    const { board, changes } = await page('sara', opening, `atMs=${fromMs}`);
    expect([board.incidents, board.units, changes]).toEqual([[], [], []]);
    expect((await centre.get<ReplayOutlineView>('sara', `/api/replay/${opening.id}`)).tracksSinceMs).toBeGreaterThan(
      fromMs,
    );
  });
});
