import { reasonOf, sleep, type Clock } from '#libs/base';
import {
  candidateProbe,
  candidateView,
  discoveryRunView,
  zoneView,
  type AdoptBody,
  type CandidateProbe,
  type CandidateView,
  type StartDiscoveryBody,
} from '#libs/wire';
import { z } from 'zod';
import type { SimCameraSpec } from '../camera-sim/model.ts';
import { TOWN } from '../camera-sim/town.ts';
import { CentreClient, type CentreLogin } from './demo-town/centre-client.ts';
import { DEMO_ZONES } from './demo-town/zones.ts';

export interface TownWish {
  /** `http://127.0.0.1:8080`. */
  readonly apiUrl: string;
  /** An administrator's; without one nothing can be adopted. */
  readonly login: CentreLogin | undefined;
  /** Cameras that are adopted, or that somebody removed: both are left as they are. */
  readonly knownSerials: ReadonlySet<string>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

export interface TownResult {
  readonly adopted: number;
  /** What could not be done and why, for people. */
  readonly problems: readonly string[];
}

const POLL_MS = 200;
const MULTICAST_MS = 6_000;
const SWEEP_MS = 20_000;
const ADOPT_TRIES = 3;
const RETRY_MS = 700;
/** The network of the town's loopback addresses and the port of its ONVIF services. */
const SWEEP: StartDiscoveryBody = { kind: 'sweep', cidr: '127.0.1.0/28', ports: [TOWN[0]!.onvifPort] };

/**
 * Fills the demonstration through the centre's public HTTP API, as a person with a list of logins would: discover, test
 * the login, adopt with place and aim. What is adopted already is left alone, so a second start has nothing to do.
 */
export async function bringTown(wish: TownWish): Promise<TownResult> {
  const wanted = TOWN.filter((spec) => !wish.knownSerials.has(spec.serialNumber));
  if (wanted.length === 0) return { adopted: 0, problems: [] };
  if (!wish.login) {
    return {
      adopted: 0,
      problems: ['No está el acceso de administración de la demostración: adopte las cámaras a mano'],
    };
  }
  try {
    const centre = await CentreClient.signIn(wish.apiUrl, wish.login, wish.signal);
    const zones = createZones(centre);
    const result = await adoptTown(centre, wanted, wish);
    const problems = [...(await zones), ...result.problems];
    await centre.signOut();
    return { adopted: result.adopted, problems };
  } catch (problem) {
    return { adopted: 0, problems: [`No se pudo preparar la demostración: ${reasonOf(problem)}`] };
  }
}

/** Zones are drawn once: a name that is there, also one that was changed since, is not touched. */
async function createZones(centre: CentreClient): Promise<string[]> {
  try {
    const present = new Set((await centre.get('/api/zones', z.array(zoneView))).map((zone) => zone.name));
    const missing = DEMO_ZONES.filter((zone) => !present.has(zone.name));
    await Promise.all(missing.map((zone) => centre.post('/api/zones', zone, zoneView)));
    return [];
  } catch (problem) {
    return [`No se pudieron crear las zonas de demostración: ${reasonOf(problem)}`];
  }
}

/** Multicast first; what it did not find is looked for address by address. */
async function adoptTown(centre: CentreClient, wanted: readonly SimCameraSpec[], wish: TownWish): Promise<TownResult> {
  const work = new Adoption(centre, wanted, wish);
  await work.discover({ kind: 'multicast' }, MULTICAST_MS);
  if (work.unseen.length > 0) await work.discover(SWEEP, SWEEP_MS);
  return work.finish();
}

/** Which cameras were seen, and the adoptions that run. */
class Adoption {
  private readonly running = new Map<string, Promise<string | undefined>>();

  constructor(
    private readonly centre: CentreClient,
    private readonly wanted: readonly SimCameraSpec[],
    private readonly wish: TownWish,
  ) {}

  get unseen(): readonly SimCameraSpec[] {
    return this.wanted.filter((spec) => !this.running.has(spec.id));
  }

  /** Runs one discovery and begins to adopt each camera as soon as it is a candidate. */
  async discover(body: StartDiscoveryBody, withinMs: number): Promise<void> {
    const { clock, signal } = this.wish;
    const run = await this.centre.post('/api/discovery/runs', body, discoveryRunView);
    const deadlineMs = clock.monotonicMs() + withinMs;
    for (let over = false; !over && this.unseen.length > 0;) {
      over = clock.monotonicMs() >= deadlineMs || (await this.isOver(run.id));
      // Looked at after the run's end too: the last answer may have come with it.
      for (const candidate of await this.centre.get('/api/candidates', z.array(candidateView)))
        this.consider(candidate);
      if (!over && this.unseen.length > 0 && !(await sleep(clock, POLL_MS, signal))) throw new Error('stopped');
    }
  }

  async finish(): Promise<TownResult> {
    const outcomes = await Promise.all(this.running.values());
    const failed = outcomes.filter((outcome) => outcome !== undefined);
    const unseen = this.unseen.map((spec) => `${spec.name}: no se la encontró en la red`);
    return { adopted: outcomes.length - failed.length, problems: [...failed, ...unseen] };
  }

  private async isOver(runId: string): Promise<boolean> {
    const runs = await this.centre.get('/api/discovery/runs', z.array(discoveryRunView));
    // A run that is not told of any more is an old one.
    return runs.find((run) => run.id === runId)?.state !== 'running';
  }

  private consider(candidate: CandidateView): void {
    const spec = this.unseen.find((one) => isSame(one, candidate));
    if (!spec) return;
    const adoption = candidate.cameraId === null ? this.adopt(spec, candidate) : Promise.resolve(undefined);
    this.running.set(spec.id, adoption);
  }

  /** Resolves with what went wrong, or nothing. */
  private async adopt(spec: SimCameraSpec, candidate: CandidateView): Promise<string | undefined> {
    for (let tries = 1; ; tries++) {
      try {
        const login = { username: spec.username, password: spec.password };
        const probe = await this.centre.post(`/api/candidates/${candidate.id}/test`, login, candidateProbe);
        await this.centre.post(`/api/candidates/${candidate.id}/adopt`, adoptBodyOf(spec, probe), z.unknown());
        return undefined;
      } catch (problem) {
        const stopped = !(tries < ADOPT_TRIES && (await sleep(this.wish.clock, RETRY_MS, this.wish.signal)));
        if (stopped) return `${spec.name}: ${reasonOf(problem)}`;
      }
    }
  }
}

/** By endpoint reference, which survives a new address; by address when a sweep could not learn it. */
function isSame(spec: SimCameraSpec, candidate: CandidateView): boolean {
  if (candidate.endpointReference !== null) return candidate.endpointReference === spec.endpointReference;
  return candidate.host === spec.host;
}

function adoptBodyOf(spec: SimCameraSpec, probe: CandidateProbe): AdoptBody {
  const main = probe.profiles.find((profile) => profile.suggestedRole === 'main') ?? probe.profiles[0];
  const sub = probe.profiles.find((profile) => profile.suggestedRole === 'sub');
  if (!main) throw new Error('la cámara no ofrece ningún perfil de video');
  return {
    username: spec.username,
    password: spec.password,
    name: spec.name,
    mainProfile: main.token,
    subProfile: sub?.token ?? null,
    place: { latitudeDeg: spec.latitudeDeg, longitudeDeg: spec.longitudeDeg },
    bearingDeg: spec.bearingDeg,
    fieldOfViewDeg: spec.fieldOfViewDeg,
    rangeM: spec.rangeM,
  };
}
