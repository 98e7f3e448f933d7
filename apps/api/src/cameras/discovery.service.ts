import { setMaxListeners } from 'node:events';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { RefusalError, reasonOf, refusal, sleep, uuidV7, type Logger, type Result } from '#libs/base';
import { parseSweepRange, type ServiceAddress, type SweepRange } from '#libs/onvif';
import type { DiscoveryRunView, StartDiscoveryBody } from '#libs/wire';
import type { SignedInUser } from '../access/signed-in.ts';
import { AuditService } from '../audit/audit.service.ts';
import { CLOCK, type Clock } from '../clock.ts';
import { LOGGER } from '../logging.ts';
import { RealtimeService } from '../realtime/realtime.service.ts';
import { valueOrThrow } from './camera-refusals.ts';
import { DeviceFinder, USUAL_PORTS, nobodyThere, type Sighting } from './device-finder.ts';
import { DiscoveryNet, type Heard, type HeardProblem } from './discovery-net.ts';
import { runInLanes } from './lanes.ts';
import { SightingService } from './sighting.service.ts';
import { DeviceLines } from './soap-line.ts';

/** Runs that are remembered; the oldest finished one makes room. */
const MAX_RUNS = 20;
const MAX_PROBLEMS = 50;
/** Hosts asked at once in a sweep, and how far apart their turns begin: at most 250 hosts, 1,250 connections, a second. */
const SWEEP_LANES = 64;
const SWEEP_PACE_MS = 4;
/** Progress is said this often at most. */
const PROGRESS_EVERY_MS = 400;
/** Devices of one multicast answered for at a time. */
const MULTICAST_LANES = 16;

interface Run {
  view: DiscoveryRunView;
  readonly stop: AbortController;
  readonly foundIds: Set<string>;
  publishedMs: number;
}

/** Searches for cameras that somebody asked for: one of each kind at a time, each can be cancelled. */
@Injectable()
export class DiscoveryService implements OnModuleInit, BeforeApplicationShutdown {
  private readonly runs = new Map<string, Run>();
  private readonly running = new Set<Promise<void>>();

  constructor(
    private readonly finder: DeviceFinder,
    private readonly net: DiscoveryNet,
    private readonly lines: DeviceLines,
    private readonly sightings: SightingService,
    private readonly realtime: RealtimeService,
    private readonly audit: AuditService,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.realtime.register('discoveryRuns', () => Promise.resolve(this.list()));
  }

  async beforeApplicationShutdown(): Promise<void> {
    for (const run of this.runs.values()) run.stop.abort();
    await Promise.all(this.running);
  }

  list(): DiscoveryRunView[] {
    return [...this.runs.values()].map((run) => run.view);
  }

  /** @throws {RefusalError} `discovery-running`, `cidr-malformed`, `cidr-too-large`, `address-malformed`, `address-not-allowed`. */
  async start(body: StartDiscoveryBody, by: SignedInUser): Promise<DiscoveryRunView> {
    const busy = this.list().find((run) => run.kind === body.kind && run.state === 'running');
    if (busy)
      throw new RefusalError(
        refusal('conflict', 'discovery-running', 'a search of this kind is running', { runId: busy.id }),
      );
    const plan = await this.planOf(body);
    const run = this.newRun(body.kind, plan.target, plan.total);
    await this.audit.record(
      {
        action: 'discovery:start',
        objectKind: 'discovery',
        objectId: run.view.id,
        outcome: 'done',
        details: { kind: body.kind, target: plan.target },
      },
      by,
    );
    this.runs.set(run.view.id, run);
    this.dropOldest();
    this.publish(run);
    const task = this.carryOut(run, plan.run).finally(() => this.running.delete(task));
    this.running.add(task);
    return run.view;
  }

  /** @throws {RefusalError} `discovery-unknown`, `discovery-ended`. */
  async cancel(id: string, by: SignedInUser): Promise<DiscoveryRunView> {
    const run = this.runs.get(id);
    if (!run) throw new RefusalError(refusal('not-found', 'discovery-unknown', 'there is no such search'));
    if (run.view.state !== 'running')
      throw new RefusalError(refusal('conflict', 'discovery-ended', 'this search has ended'));
    run.stop.abort();
    await this.audit.record({ action: 'discovery:cancel', objectKind: 'discovery', objectId: id, outcome: 'done' }, by);
    this.change(run, { state: 'cancelled', finishedAtMs: this.clock.nowMs() });
    return run.view;
  }

  private async planOf(body: StartDiscoveryBody): Promise<Plan> {
    if (body.kind === 'multicast') {
      return { target: this.net.interfaces().join(', '), total: 0, run: (run) => this.multicast(run) };
    }
    if (body.kind === 'sweep') {
      const range = valueOrThrow(parseSweepRange(body.cidr, this.lines.allowedNetworks));
      const ports = body.ports && body.ports.length > 0 ? body.ports : USUAL_PORTS;
      return { target: range.cidr, total: range.hosts, run: (run) => this.sweep(run, range, ports) };
    }
    const addresses = valueOrThrow(await this.finder.typed(body.address));
    return { target: addresses[0]!.host, total: 1, run: (run) => this.askAddress(run, addresses) };
  }

  private async multicast(run: Run): Promise<void> {
    const waiting = new Set<Promise<void>>();
    const met = new Set<string>();
    const hear = ({ sender, message }: Heard): void => {
      if (message.kind !== 'matches') return;
      for (const device of message.devices) {
        const key = `${sender} ${device.endpointReference ?? ''} ${device.xAddrs.join(' ')}`;
        if (met.has(key) || waiting.size >= MULTICAST_LANES * 64) continue;
        met.add(key);
        this.change(run, { total: run.view.total + 1 });
        const task = this.lane(waiting, async () => {
          this.take(run, sender, await this.finder.announced(device, sender));
        }).finally(() => waiting.delete(task));
        waiting.add(task);
      }
    };
    await this.net.probe({ hear, problem: (problem) => this.problem(run, problem) }, run.stop.signal);
    await Promise.all(waiting);
  }

  /** At most {@link MULTICAST_LANES} devices are asked at once; the others wait their turn. */
  private async lane(waiting: ReadonlySet<Promise<void>>, task: () => Promise<void>): Promise<void> {
    const ahead = [...waiting];
    if (ahead.length >= MULTICAST_LANES) await ahead[ahead.length - MULTICAST_LANES];
    await task();
  }

  private async sweep(run: Run, range: SweepRange, ports: readonly number[]): Promise<void> {
    const pace = new Pace(this.clock, SWEEP_PACE_MS);
    await runInLanes(hostsOf(range), SWEEP_LANES, run.stop.signal, async (host) => {
      if (!(await pace.turn(run.stop.signal))) return;
      await Promise.all(ports.map((port) => this.askPort(run, host, port)));
      this.change(run, { probed: run.view.probed + 1 });
    });
  }

  private async askPort(run: Run, host: string, port: number): Promise<void> {
    const found = await this.finder.atPort(host, port, 'sweep');
    // A web server that is no camera is no problem of anybody's: a sweep passes over printers and routers.
    if (found?.ok) await this.accept(run, found.value);
  }

  private async askAddress(run: Run, addresses: readonly ServiceAddress[]): Promise<void> {
    const answers = await Promise.all(addresses.map((address) => this.finder.at(address, 'address')));
    const good = answers.find((answer) => answer.ok);
    if (good) await this.accept(run, good.value);
    else {
      const worst = answers
        .map((answer) => (answer.ok ? undefined : answer.refusal))
        .find((reason) => reason?.code !== 'onvif-unreachable');
      const { code, message } = worst ?? nobodyThere(run.view.target);
      this.problem(run, { address: run.view.target, code, message });
    }
    this.change(run, { probed: 1 });
  }

  private take(run: Run, sender: string, result: Result<Sighting>): Promise<void> | void {
    this.change(run, { probed: run.view.probed + 1 });
    if (result.ok) return this.accept(run, result.value);
    this.problem(run, { address: sender, code: result.refusal.code, message: result.refusal.message });
  }

  private async accept(run: Run, sighting: Sighting): Promise<void> {
    const taken = await this.sightings.take(sighting);
    if (!taken.ok)
      return this.problem(run, {
        address: sighting.address.host,
        code: taken.refusal.code,
        message: taken.refusal.message,
      });
    run.foundIds.add(taken.value.candidate.id);
    this.change(run, { found: run.foundIds.size });
  }

  private async carryOut(run: Run, task: (run: Run) => Promise<void>): Promise<void> {
    let state: DiscoveryRunView['state'] = 'finished';
    try {
      await task(run);
    } catch (thrown) {
      state = 'failed';
      this.logger.error({ run: run.view.id, reason: reasonOf(thrown) }, 'a search for cameras failed');
      this.problem(run, {
        address: run.view.target,
        code: 'discovery-failed',
        message: 'the search broke off on our side',
      });
    }
    if (run.view.state === 'running') this.change(run, { state, finishedAtMs: this.clock.nowMs() });
    this.publish(run);
  }

  private problem(run: Run, problem: HeardProblem): void {
    const { problems } = run.view;
    const known = problems.some((other) => other.address === problem.address && other.code === problem.code);
    if (known || problems.length >= MAX_PROBLEMS) return;
    this.change(run, { problems: [...problems, problem] });
  }

  private change(run: Run, change: Partial<DiscoveryRunView>): void {
    run.view = { ...run.view, ...change };
    const nowMs = this.clock.monotonicMs();
    if (change.state === undefined && nowMs - run.publishedMs < PROGRESS_EVERY_MS) return;
    this.publish(run);
  }

  private publish(run: Run): void {
    run.publishedMs = this.clock.monotonicMs();
    this.realtime.changed('discoveryRuns', run.view);
  }

  private newRun(kind: DiscoveryRunView['kind'], target: string, total: number): Run {
    const nowMs = this.clock.nowMs();
    const counts = { probed: 0, total, found: 0, problems: [] };
    const view: DiscoveryRunView = {
      id: uuidV7(nowMs),
      kind,
      target,
      state: 'running',
      startedAtMs: nowMs,
      finishedAtMs: null,
      ...counts,
    };
    const stop = new AbortController();
    // Every lane of a sweep may wait on it; more than that would be a leak, and Node should say so.
    setMaxListeners(SWEEP_LANES + 1, stop.signal);
    return { view, stop, foundIds: new Set(), publishedMs: -Infinity };
  }

  private dropOldest(): void {
    for (const [id, run] of this.runs) {
      if (this.runs.size <= MAX_RUNS) return;
      if (run.view.state === 'running') continue;
      this.runs.delete(id);
      this.realtime.removed('discoveryRuns', id);
    }
  }
}

interface Plan {
  readonly target: string;
  readonly total: number;
  run(run: Run): Promise<void>;
}

/** Turns that begin at least so far apart, however many lanes ask. */
class Pace {
  private nextMs = 0;

  constructor(
    private readonly clock: Clock,
    private readonly everyMs: number,
  ) {}

  /** `false` when told to stop while waiting. */
  turn(signal: AbortSignal): Promise<boolean> {
    const nowMs = this.clock.monotonicMs();
    const startMs = Math.max(nowMs, this.nextMs);
    this.nextMs = startMs + this.everyMs;
    return startMs === nowMs ? Promise.resolve(!signal.aborted) : sleep(this.clock, startMs - nowMs, signal);
  }
}

function* hostsOf(range: SweepRange): Generator<string> {
  for (let index = 0; index < range.hosts; index++) yield range.at(index);
}
