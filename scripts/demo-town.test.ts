import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock as clock, uuidV7 } from '#libs/base';
import { adoptBody, createZoneBody, type CandidateView, type DiscoveryRunView, type ZoneView } from '#libs/wire';
import type { SimCameraSpec } from '../camera-sim/model.ts';
import { TOWN } from '../camera-sim/town.ts';
import { bringTown, type TownResult } from './demo-town.ts';

const LOGIN = { username: 'administrador', password: 'aaaa-bbbb-cccc-dddd' };

/** A centre that answers as its contract says, and finds what it is told to find. */
class PretendedCentre {
  readonly asked: string[] = [];
  readonly adopted = new Map<string, unknown>();
  readonly zones: ZoneView[] = [];
  readonly runs: DiscoveryRunView[] = [];
  readonly candidates: CandidateView[] = [];
  finds: Readonly<Record<string, readonly SimCameraSpec[]>> = { multicast: TOWN };
  /** Adoptions that fail before one succeeds, by the camera's host. */
  readonly failures = new Map<string, number>();

  answer(method: string, path: string, body: unknown): unknown {
    this.asked.push(`${method} ${path.replace(/[0-9a-f-]{36}/, ':id')}`);
    const [, , noun, id, verb] = path.split('/');
    if (noun === 'session') return {};
    if (noun === 'zones') return method === 'GET' ? this.zones : this.addZone(body);
    if (noun === 'discovery') return method === 'GET' ? this.runs : this.discover(body as { kind: 'multicast' });
    if (id === undefined) return this.candidates;
    const candidate = this.candidates.find((one) => one.id === id)!;
    return verb === 'test' ? PROBE : this.adopt(candidate, body);
  }

  private addZone(body: unknown): ZoneView {
    const zone = { ...createZoneBody.parse(body), id: uuidV7(clock.nowMs()), demonstration: false };
    this.zones.push(zone);
    return zone;
  }

  private discover({ kind }: { kind: DiscoveryRunView['kind'] }): DiscoveryRunView {
    for (const spec of this.finds[kind] ?? []) this.candidates.push(candidateOf(spec, kind));
    const run = {
      id: uuidV7(clock.nowMs()),
      kind,
      target: '',
      state: 'finished' as const,
      startedAtMs: 0,
      finishedAtMs: 1,
      probed: 0,
      total: 0,
      found: 0,
      problems: [],
    };
    this.runs.push(run);
    return run;
  }

  private adopt(candidate: CandidateView, body: unknown): unknown {
    const left = this.failures.get(candidate.host) ?? 0;
    this.failures.set(candidate.host, left - 1);
    if (left > 0) throw new Error('busy');
    this.adopted.set(candidate.host, adoptBody.parse(body));
    return {};
  }
}

const PROFILE = { codec: 'h264', widthPx: 1, heightPx: 1, framesPerSecond: 1, bitrateKbps: 1 };
const PROBE = {
  manufacturer: 'm',
  model: 'm',
  firmware: 'f',
  serialNumber: 's',
  hasPtz: false,
  isPushed: false,
  hasEvents: false,
  clockErrorMs: 0,
  clockUncertaintyMs: 1,
  profiles: [
    { ...PROFILE, token: 'small', name: 'small', suggestedRole: 'sub' },
    { ...PROFILE, token: 'big', name: 'big', suggestedRole: 'main' },
  ],
};

/** A sweep does not learn the endpoint reference. */
function candidateOf(spec: SimCameraSpec, kind: DiscoveryRunView['kind']): CandidateView {
  return {
    id: uuidV7(clock.nowMs()),
    endpointReference: kind === 'multicast' ? spec.endpointReference : null,
    host: spec.host,
    onvifUrl: `http://${spec.host}:8000/onvif/device_service`,
    name: spec.name,
    hardware: spec.model,
    location: spec.location,
    foundBy: [kind],
    clockErrorMs: null,
    clockUncertaintyMs: null,
    firstSeenAtMs: 0,
    lastSeenAtMs: 0,
    cameraId: null,
  };
}

let centre: PretendedCentre;
let server: Server;
beforeEach(async () => {
  centre = new PretendedCentre();
  server = createServer((request, response) => {
    void respond(request).then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/json', 'set-cookie': 'atalaya=x; HttpOnly' });
      response.end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => void server.close());

async function respond(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
  const body = await text(request);
  try {
    return {
      status: 200,
      body: centre.answer(request.method!, request.url!, body === '' ? undefined : JSON.parse(body)),
    };
  } catch (problem) {
    return { status: 503, body: { code: 'camera-busy', message: String(problem) } };
  }
}

function bring(knownSerials: readonly string[] = []): Promise<TownResult> {
  const { port } = server.address() as AddressInfo;
  const signal = new AbortController().signal;
  return bringTown({
    apiUrl: `http://127.0.0.1:${port}`,
    login: LOGIN,
    knownSerials: new Set(knownSerials),
    clock,
    signal,
  });
}

describe('bringTown', () => {
  it('finds the town by multicast, adopts each camera with its place and profiles, and draws the zones', async () => {
    expect(await bring()).toEqual({ adopted: 12, problems: [] });
    const [first] = TOWN;
    expect(centre.adopted.get(first!.host)).toMatchObject({
      name: first!.name,
      mainProfile: 'big',
      subProfile: 'small',
      place: { latitudeDeg: first!.latitudeDeg, longitudeDeg: first!.longitudeDeg },
    });
    expect(centre.runs.map((run) => run.kind)).toEqual(['multicast']);
    expect(centre.zones.filter((zone) => zone.riskLevel === 'high').length).toBeGreaterThanOrEqual(4);
    expect(centre.asked.at(-1)).toBe('DELETE /api/session');
  });

  it('sweeps for those that multicast did not find', async () => {
    centre.finds = { multicast: TOWN.slice(0, 5), sweep: TOWN };
    expect(await bring()).toEqual({ adopted: 12, problems: [] });
    expect(centre.runs.map((run) => run.kind)).toEqual(['multicast', 'sweep']);
  });

  it('asks nobody for anything when all is there, also when somebody removed a camera', async () => {
    expect(await bring(TOWN.map((spec) => spec.serialNumber))).toEqual({ adopted: 0, problems: [] });
    expect(centre.asked).toEqual([]);
  });

  it('leaves a removed camera alone and keeps zones that are there', async () => {
    const [removed] = TOWN;
    await bring();
    const before = centre.zones.length;
    centre.adopted.clear();
    expect(await bring([removed!.serialNumber])).toMatchObject({ adopted: 11 });
    expect(centre.adopted.has(removed!.host)).toBe(false);
    expect(centre.zones).toHaveLength(before);
  });

  it('tries a camera again that was busy, and names the one that stays so', async () => {
    const [once, always] = TOWN;
    centre.failures.set(once!.host, 1);
    centre.failures.set(always!.host, 99);
    const result = await bring();
    expect(result.adopted).toBe(11);
    expect(result.problems).toEqual([expect.stringContaining(`${always!.name}: POST /api/candidates`)]);
    expect(result.problems[0]).toContain('camera-busy');
    expect(result.problems[0]).not.toContain(always!.password);
  });

  it('names the cameras that are nowhere', async () => {
    centre.finds = { multicast: TOWN.slice(1), sweep: [] };
    expect((await bring()).problems).toEqual([`${TOWN[0]!.name}: no se la encontró en la red`]);
  });

  it('says what to do without an administrator', async () => {
    const { port } = server.address() as AddressInfo;
    const result = await bringTown({
      apiUrl: `http://127.0.0.1:${port}`,
      login: undefined,
      knownSerials: new Set(),
      clock,
      signal: new AbortController().signal,
    });
    expect(result).toMatchObject({ adopted: 0, problems: [expect.stringContaining('a mano')] });
  });
});
