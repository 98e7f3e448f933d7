import { reasonOf, sleep, type Clock, type Logger } from '#libs/base';
import { RoadGraph, roadLines } from '#libs/scheme';
import type { Account } from './account.ts';
import { CallSource } from './calls.ts';
import type { CrewManners, Order } from './crew.ts';
import { Dice } from './dice.ts';
import type { Line } from './line.ts';
import { Operator, type OperatorManners } from './operator.ts';
import type { ReportPace } from './phone.ts';
import type { Member } from './setup.ts';
import { Vehicle, type Tally, type VehicleWorld } from './vehicle.ts';
import type { Voice } from './voice.ts';

export interface TownPlan {
  readonly url: string;
  readonly members: readonly Member[];
  /** `null`: that crew says nothing. */
  readonly voiceOf: (member: Member) => Voice | null;
  /** Who takes calls; `null`: nobody, and crews hear of no assignment. */
  readonly operator: { readonly account: Account; readonly accountId: string | null } | null;
  /** Mean of the day; 0: no calls. */
  readonly callsPerHour: number;
  readonly operatorManners: OperatorManners;
  readonly crewManners: CrewManners;
  readonly pace: ReportPace;
  /** The same seed and the same moves of people give the same town. */
  readonly seed: string;
  /** How often the board is looked at. */
  readonly lookEveryMs: number;
  /** How often each unit moves on. */
  readonly stepMs: number;
  /** Looked at once in a while: crews that change with the shift. */
  readonly relieve: ((vehicle: Vehicle, member: Member) => Promise<void>) | null;
  /** Called every few seconds while the town lives. */
  readonly beat: (tally: Tally) => void;
}

export interface TownSurroundings {
  readonly line: Line;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

export const STEP_MS = 1_000;
/** Units move in turns, so that their reports do not come all at once. */
const UNITS_A_TURN = 40;
const MIN_TURNS = 2;
export const LOOK_EVERY_MS = 2_000;
/** In a load run several come between two looks. */
const CALLS_A_LOOK = 20;
const TIDY_EVERY_MS = 10_000;
const RELIEVE_EVERY_MS = 60_000;
const BEAT_EVERY_MS = 5_000;

/** The town while it lives: units that move, calls that come, crews that are relieved. */
export class RunningTown {
  private readonly tally: Tally = { reports: 0, lost: 0, words: 0, calls: 0 };
  private readonly vehicles: readonly Vehicle[];
  private readonly operator: Operator | null;
  private orders: ReadonlyMap<string, Order> = new Map();

  constructor(
    private readonly plan: TownPlan,
    private readonly around: TownSurroundings,
  ) {
    const roads = RoadGraph.of(roadLines());
    const dice = new Dice(plan.seed);
    const { url, crewManners: manners, pace } = plan;
    const world: VehicleWorld = { ...around, url, roads, manners, pace, tally: this.tally };
    this.vehicles = plan.members.map(
      (member) => new Vehicle(member, plan.voiceOf(member), world, dice.fork(member.spec.callSign)),
    );
    this.operator = operatorOf(plan, roads, dice, around);
  }

  /** Resolves when the signal says so. */
  async run(): Promise<void> {
    await Promise.all([
      this.move(),
      this.repeat(BEAT_EVERY_MS, () => this.plan.beat(this.tally)),
      ...(this.operator ? [this.work(this.operator)] : []),
      ...(this.plan.relieve ? [this.repeat(RELIEVE_EVERY_MS, () => this.relieve(this.plan.relieve!))] : []),
    ]);
  }

  private async move(): Promise<void> {
    const turns = Math.max(MIN_TURNS, Math.ceil(this.vehicles.length / UNITS_A_TURN));
    for (let turn = 0; await this.wait(this.plan.stepMs / turns); turn = (turn + 1) % turns) {
      for (let index = turn; index < this.vehicles.length; index += turns) {
        const vehicle = this.vehicles[index]!;
        vehicle.step(this.orders.get(vehicle.unitId) ?? null);
      }
    }
  }

  private async work(operator: Operator): Promise<void> {
    let tidyAtMs = this.around.clock.monotonicMs() + TIDY_EVERY_MS;
    await this.repeat(this.plan.lookEveryMs, async () => {
      if (!this.around.line.mayTry()) return;
      this.orders = await operator.look();
      for (let left = CALLS_A_LOOK; left > 0 && (await operator.answer()); left--) this.tally.calls++;
      if (this.around.clock.monotonicMs() < tidyAtMs) return;
      tidyAtMs = this.around.clock.monotonicMs() + TIDY_EVERY_MS;
      await operator.tidy();
    });
  }

  private async relieve(one: NonNullable<TownPlan['relieve']>): Promise<void> {
    for (const [index, vehicle] of this.vehicles.entries()) await one(vehicle, this.plan.members[index]!);
  }

  /** Again and again. That the centre is away is told by the line; whatever else fails is tried again. */
  private async repeat(everyMs: number, task: () => Promise<void> | void): Promise<void> {
    while (await this.wait(everyMs)) {
      try {
        await task();
      } catch (problem) {
        if (!this.around.signal.aborted) this.around.logger.debug({ reason: reasonOf(problem) }, 'tried again later');
      }
    }
  }

  private wait(ms: number): Promise<boolean> {
    return sleep(this.around.clock, ms, this.around.signal);
  }
}

function operatorOf(plan: TownPlan, roads: RoadGraph, dice: Dice, around: TownSurroundings): Operator | null {
  if (!plan.operator) return null;
  const { account, accountId } = plan.operator;
  const calls = plan.callsPerHour > 0 ? new CallSource(roads, plan.callsPerHour, dice.fork('calls')) : null;
  return new Operator(
    account,
    accountId,
    calls,
    plan.operatorManners,
    dice.fork('operator'),
    around.clock,
    around.logger,
  );
}
