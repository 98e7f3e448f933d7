import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEFAULT_SHIFTS, HANDOVER_SECTIONS, ShiftTable } from '#libs/shift';
import type { ErrorBody, HandoverPage, HandoverView } from '#libs/wire';
import { seedCamera } from '../../testing/seed-cameras.ts';
import { startTestApplication, type TestApplication } from '../../testing/test-application.ts';
import { TestCentre } from '../../testing/test-centre.ts';

let test: TestApplication;
let centre: TestCentre;
let shiftId: string;
const table = new ShiftTable(DEFAULT_SHIFTS);

beforeAll(async () => {
  test = await startTestApplication();
  centre = new TestCentre(test);
  for (const [name, role] of [
    ['sara', 'supervisor'],
    ['dina', 'dispatcher'],
    ['omar', 'operator'],
    ['pablo', 'patrol'],
  ] as const)
    await centre.hire(name, role);
  const nowMs = test.clock.nowMs();
  const shift = table.from(table.dateOf(nowMs), 3).find(({ id, startMs }) => id.endsWith('manana') && startMs > nowMs)!;
  test.clock.forward(shift.startMs + 60_000 - nowMs);
  shiftId = shift.id;
});
afterAll(() => test.close());

const path = (what = ''): string => `/api/handovers/${shiftId}${what}`;
const save = (who: string, section: string, text: string, baseRevision: number) =>
  centre.ask<HandoverView & ErrorBody>(who, 'PUT', path('/sections'), { section, text, baseRevision });
const revisions = async (): Promise<Record<string, number>> => {
  const { sections } = await centre.get<HandoverView>('dina', path());
  return Object.fromEntries(HANDOVER_SECTIONS.map((section) => [section, sections[section].revision]));
};
const signBody = async (): Promise<object> => ({ ...centre.envelope(), revisions: await revisions() });

describe('a handover', () => {
  it('begins with the facts of the moment, and tells nothing of who called', async () => {
    expect((await centre.ask('dina', 'GET', path())).body).toMatchObject({ code: 'handover-unknown' });
    await seedCamera(test, 'CAM-04');
    await centre.do(
      'sara',
      `/api/shifts/${shiftId}/roster`,
      {
        baseRevision: null,
        entries: [{ staffId: centre.accounts.get('omar')!.id, post: 'camera-operator', unitId: null }],
        reason: '',
      },
      'PUT',
    );
    const call = {
      id: '01932d5c-0000-7000-8000-00000000000a',
      channel: 'TEL_LOCAL',
      receivedAtMs: test.clock.nowMs(),
      callerName: 'Rosa Quispe',
      callerPhone: '953123456',
    };
    const place = { point: null, sectorId: null, address: 'Jirón Secreto 123', reference: '' };
    await centre.open('dina', { call, place: { ...place, point: { latitudeDeg: -17.6459, longitudeDeg: -71.3453 } } });
    const { status, body } = await centre.ask<HandoverView>('dina', 'POST', path());
    expect(status).toBe(200);
    expect(body).toMatchObject({
      state: { kind: 'draft' },
      opened: { name: 'dina' },
      facts: {
        incidents: [{ type: expect.stringMatching(/./), status: expect.any(String) }],
        camerasDown: [{ code: 'CAM-04', sinceMs: null }],
        centreStaff: [{ name: 'omar', post: 'camera-operator', cameras: [] }],
        camerasAll: 1,
      },
      sha256: null,
      intact: null,
    });
    for (const secret of ['Quispe', '953123456', 'Secreto']) expect(JSON.stringify(body)).not.toContain(secret);
    expect((await centre.ask<HandoverView>('omar', 'POST', path())).body.opened.name).toBe('dina');
    const later = `/api/handovers/${table.next(test.clock.nowMs() + 40 * 3_600_000)!.id}`;
    expect((await centre.ask('dina', 'POST', later)).body).toMatchObject({ code: 'handover-too-early' });
    expect((await centre.ask('pablo', 'GET', path())).status).toBe(403);
  });

  it('loses no text when two write in one section, and shows who comes second what stands there', async () => {
    const answers = await Promise.all([
      save('dina', 'occurrences', 'CAM-04 sin señal.', 0),
      save('omar', 'occurrences', 'Caso 12 sigue abierto.', 0),
    ]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    const won = answers.find(({ status }) => status === 200)!.body.sections.occurrences;
    const lost = answers.find(({ status }) => status === 409)!.body;
    expect(lost).toMatchObject({
      code: 'handover-changed',
      details: { section: 'occurrences', revision: 1, text: won.text, by: won.saved!.name },
    });
    expect((await save('omar', 'highlights', 'Sin novedad.', 0)).status).toBe(200);
    expect((await save('omar', 'highlights', 'x'.repeat(8_001), 1)).status).toBe(400);
  });

  it('is signed as it was read, countersigned by another, and then stands, in the ledger too', async () => {
    expect((await centre.ask('dina', 'POST', path('/sign'), await signBody())).body).toMatchObject({
      code: 'handover-section-empty',
    });
    for (const section of ['cameraStaff', 'fieldStaff', 'patrolReport']) await save('dina', section, 'Sin novedad.', 0);
    const stale = await signBody();
    await save('omar', 'fieldStaff', 'Halcón-2 sin chofer.', 1);
    expect((await centre.ask('dina', 'POST', path('/sign'), stale)).body).toMatchObject({ code: 'handover-changed' });
    const signed = await centre.ask<HandoverView>('dina', 'POST', path('/sign'), await signBody());
    expect(signed.body).toMatchObject({ state: { kind: 'signed', signed: { name: 'dina' } }, intact: true });
    expect((await save('omar', 'fieldStaff', 'otra cosa', 2)).body).toMatchObject({ code: 'handover-locked' });
    const reopened = await centre.ask<HandoverView>('sara', 'POST', path('/reopen'), {
      ...centre.envelope(),
      reason: 'faltó el km',
    });
    expect(reopened.body).toMatchObject({ state: { kind: 'draft' }, intact: null, sha256: null });
    await centre.ask('dina', 'POST', path('/sign'), await signBody());
    expect((await centre.ask('dina', 'POST', path('/countersign'), centre.envelope())).body).toMatchObject({
      code: 'handover-own-countersign',
    });
    const done = await centre.ask<HandoverView>('omar', 'POST', path('/countersign'), centre.envelope());
    expect(done.body).toMatchObject({
      state: { kind: 'countersigned', countersigned: { name: 'omar' } },
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      intact: true,
    });
    const rows = await test.dataSource.query<{ kind: string }[]>(
      `SELECT kind FROM ledger_entry WHERE subject_type = 'handover' ORDER BY seq`,
    );
    expect(rows.map(({ kind }) => kind)).toEqual([
      'handover:signed',
      'handover:reopened',
      'handover:signed',
      'handover:countersigned',
    ]);
    const page = await centre.get<HandoverPage>('dina', '/api/handovers?limit=5');
    expect(page).toMatchObject({
      more: false,
      items: [{ state: 'countersigned', signedBy: 'dina', countersignedBy: 'omar' }],
    });
  });

  it('is a PDF and a CSV, and each download is in the audit', async () => {
    const cookie = centre.cookieOf('dina');
    const pdf = await test.call('GET', path('/document.pdf'), { cookie });
    const bytes = Buffer.from(await pdf.arrayBuffer());
    expect([pdf.headers.get('content-type'), bytes.subarray(0, 5).toString()]).toEqual(['application/pdf', '%PDF-']);
    const csv = await test.call('GET', path('/document.csv'), { cookie });
    const text = Buffer.from(await csv.arrayBuffer()).toString('utf8');
    expect(text.startsWith('\uFEFFfecha,turno,sección')).toBe(true);
    expect(text).toContain('Halcón-2 sin chofer.');
    expect(text).toContain('CAM-04');
    const audited = await test.dataSource.query<{ details: object }[]>(
      `SELECT details FROM audit_entry WHERE action = 'handover:export' ORDER BY id`,
    );
    expect(audited.map(({ details }) => details)).toMatchObject([{ format: 'pdf' }, { format: 'csv' }]);
  });

  it('cannot be changed behind the application’s back without being seen', async () => {
    const tamper = `UPDATE handover SET state = jsonb_set(state, '{sections,highlights,text}', '"nada"')`;
    await expect(test.dataSource.query(tamper)).rejects.toThrow('a countersigned handover stands');
    await test.dataSource.query('ALTER TABLE handover DISABLE TRIGGER handover_stands');
    await test.dataSource.query(tamper);
    expect((await centre.get<HandoverView>('dina', path())).intact).toBe(false);
  });
});
