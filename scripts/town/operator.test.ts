import { describe, expect, it } from '@jest/globals';
import type { z } from 'zod';
import { FakeClock, silentLogger } from '#libs/base';
import { catalogueOf, seedTypes } from '#libs/dispatch';
import { RoadGraph, roadLines } from '#libs/scheme';
import { openIncidentBody } from '#libs/wire';
import { CentreRefusal } from '../demo-town/centre-client.ts';
import { CallSource } from './calls.ts';
import { Dice } from './dice.ts';
import { Operator, type Desk, type OperatorManners } from './operator.ts';
import { DEMO_PATIENCE } from './tidy.ts';

const roads = RoadGraph.of(roadLines());
const ME = '00000000-0000-7000-8000-0000000000aa';
const UNIT = '00000000-0000-7000-8000-0000000000bb';
const MANNERS: OperatorManners = { maxOpen: 8, patience: DEMO_PATIENCE, repeatShare: 0 };

interface Row {
  readonly id: string;
  readonly openedBy: string;
  readonly typeCode: string;
  readonly point: unknown;
  readonly atMs: number;
  revision: number;
  units: { unitId: string; callSign: string; phase: string }[];
  calls: number;
}

/** A centre in memory, as far as an operator sees it: what it answers is checked by the schemas of the wire. */
class PaperCentre implements Desk {
  readonly rows = new Map<string, Row>();
  readonly said: string[] = [];
  refuses: string | null = null;

  constructor(private readonly clock: FakeClock) {}

  get<T>(path: string, schema: z.ZodType<T>): Promise<T> {
    const id = /^\/api\/incidents\/([\w-]+)$/.exec(path)?.[1];
    if (id !== undefined) return Promise.resolve(schema.parse(this.detail(this.rows.get(id)!)));
    if (path.startsWith('/api/incidents?')) return Promise.resolve(schema.parse([...this.rows.values()].map(itemOf)));
    const types = seedTypes().map((type) => ({ ...type, id: UNIT, protocol: '' }));
    return Promise.resolve(schema.parse(path === '/api/incident-types' ? types : []));
  }

  command(path: string, body: Readonly<Record<string, unknown>>): Promise<unknown> {
    if (path === '/api/incidents') return Promise.resolve(this.open(body));
    const [, id = '', route] = /^\/api\/incidents\/([\w-]+)\/(\w+)$/.exec(path)!;
    const kind = String(body['kind']);
    this.said.push(`${route} ${kind}`);
    if (this.refuses === kind) return Promise.reject(new CentreRefusal(path, 409, 'no', 'no'));
    const row = this.rows.get(id)!;
    row.revision++;
    if (kind === 'addCall') row.calls++;
    if (kind === 'withdraw') row.units = row.units.filter(({ unitId }) => unitId !== body['unitId']);
    if (kind === 'close' || kind === 'dismiss') this.rows.delete(id);
    return Promise.resolve();
  }

  open(body: Readonly<Record<string, unknown>>, openedBy = ME): Row {
    const envelope = { commandId: UNIT, sentAtMs: this.clock.nowMs() };
    const { incidentId: id, typeCode = '', place } = openIncidentBody.parse({ ...body, ...envelope });
    const point = place?.point ?? null;
    const atMs = this.clock.nowMs();
    const row: Row = { id, openedBy, typeCode, point, atMs, revision: 1, units: [], calls: 1 };
    this.rows.set(id, row);
    return row;
  }

  private detail(row: Row): Record<string, unknown> {
    const none = { calls: [], narratives: [], assignments: [], referrals: [], links: [], alarms: [], absorbedIds: [] };
    const life = { kind: 'open' };
    return { ...itemOf(row), ...none, reopenings: [], cameraIds: [], names: {}, life, openedBy: row.openedBy };
  }
}

function itemOf({ id, typeCode, point, atMs, revision, units }: Row): Record<string, unknown> {
  const type = catalogueOf(seedTypes()).typeOf(typeCode)!;
  const nothing = { dispatchedAtMs: null, acknowledgedAtMs: null, enRouteAtMs: null, arrivedAtMs: null };
  return {
    id,
    code: `2026-${id.slice(-6)}`,
    status: 'classified',
    priority: type.priority,
    classification: { typeCode, group: type.group, masked: type.masked, video: type.video, edan: type.edan },
    channel: 'TEL_LOCAL',
    cameraId: null,
    place: { point, sectorId: null, address: '', reference: '' },
    masked: false,
    hidden: [],
    clocks: {
      callAtMs: atMs,
      openedAtMs: atMs,
      classifiedAtMs: atMs,
      ...nothing,
      controlledAtMs: null,
      closedAtMs: null,
    },
    timers: [],
    units,
    backupRequested: false,
    reopened: false,
    revision,
  };
}

function desk(perHour: number, manners: Partial<OperatorManners> = {}) {
  const clock = new FakeClock();
  const centre = new PaperCentre(clock);
  const calls = perHour > 0 ? new CallSource(roads, perHour, new Dice('calls')) : null;
  const all = { ...MANNERS, ...manners };
  const operator = new Operator(centre, ME, calls, all, new Dice('operator'), clock, silentLogger);
  const pass = async (minutes: number, every = (): void => {}): Promise<void> => {
    for (let looks = 0; looks < minutes * 30; looks++) {
      await operator.look();
      await operator.answer();
      await operator.tidy();
      every();
      await clock.advance(2_000);
    }
  };
  return { clock, centre, operator, pass };
}

describe('Operator', () => {
  it('takes the first call at once, keeps the board bounded, and dispatches nobody', async () => {
    const { centre, pass } = desk(60);
    await pass(1);
    expect(centre.rows.size).toBeGreaterThanOrEqual(1);
    let most = 0;
    await pass(6 * 60, () => (most = Math.max(most, centre.rows.size)));
    expect(most).toBe(8);
    expect(centre.said.length).toBeGreaterThan(150);
    expect(centre.said.some((word) => word.includes('assign'))).toBe(false);
    expect(new Set(centre.said.map((word) => word.split(' ')[0]))).toEqual(new Set(['dispatch']));
  });

  it('writes a call about something that was told already into what is there', async () => {
    const { centre, pass } = desk(120, { repeatShare: 1, patience: { ...DEMO_PATIENCE, othersMs: Infinity } });
    await pass(6);
    expect(centre.rows.size).toBe(1);
    expect([...centre.rows.values()][0]!.calls).toBeGreaterThan(2);
  });

  it('tells every unit what the board wants of it', async () => {
    const { centre, operator, pass } = desk(60);
    await pass(0.2);
    const [row] = centre.rows.values();
    row!.units.push({ unitId: UNIT, callSign: 'Halcón 1', phase: 'assigned' });
    const orders = await operator.look();
    expect(orders.get(UNIT)).toMatchObject({ incidentId: row!.id, phase: 'assigned', point: row!.point });
  });

  it('calls back who never answered, and then puts the incident away', async () => {
    const { centre, pass } = desk(60, { maxOpen: 1 });
    await pass(0.2);
    const [row] = centre.rows.values();
    row!.units.push({ unitId: UNIT, callSign: 'Halcón 1', phase: 'assigned' });
    await pass(7.5);
    expect(centre.said).toEqual([]);
    await pass(1);
    expect(centre.said).toEqual(['dispatch withdraw']);
    await pass(16);
    expect(centre.rows.has(row!.id)).toBe(false);
  });

  it('leaves what people opened alone, and what it was refused for as long again', async () => {
    const { centre, pass } = desk(0);
    const place = { point: { latitudeDeg: -17.65, longitudeDeg: -71.33 }, sectorId: null, address: '', reference: '' };
    const wish = { incidentId: UNIT, channel: 'TEL_LOCAL', typeCode: 'ORD-03', place };
    centre.open(wish, '00000000-0000-7000-8000-0000000000cc');
    await pass(60);
    expect(centre.said).toEqual([]);
    centre.rows.clear();
    await pass(0.2);
    centre.refuses = 'close';
    centre.open({ ...wish, incidentId: ME, typeCode: 'PAT-02' });
    await pass(20);
    // Handed over twice at most in twenty minutes, not every two seconds.
    expect(centre.said.filter((word) => word.endsWith('close')).length).toBeLessThanOrEqual(3);
  });
});
