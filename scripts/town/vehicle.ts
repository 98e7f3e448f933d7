import { reasonOf, type Clock, type Logger } from '#libs/base';
import { distanceM, type GeoPoint } from '#libs/geo';
import type { RoadGraph } from '#libs/scheme';
import { CentreRefusal } from '../demo-town/centre-client.ts';
import { Crew, type CrewAct, type CrewManners, type Order } from './crew.ts';
import type { Dice } from './dice.ts';
import { Drive } from './drive.ts';
import { gaitOf } from './fleet.ts';
import { isNoAnswer, type Line } from './line.ts';
import { Navigator, beatOf } from './navigator.ts';
import { Patrol } from './patrol.ts';
import { Phone, osmAndQuery, type PhoneFix, type ReportPace } from './phone.ts';
import type { Member } from './setup.ts';
import type { Voice } from './voice.ts';

/** What the vehicles of a town share. */
export interface VehicleWorld {
  readonly url: string;
  readonly roads: RoadGraph;
  readonly manners: CrewManners;
  readonly pace: ReportPace;
  readonly line: Line;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly tally: Tally;
}

/** What was sent since the last line in the log. */
export interface Tally {
  reports: number;
  /** Not sent, because the one before was not answered yet or the centre was away; or refused. */
  lost: number;
  words: number;
  calls: number;
}

/** Two words at once do not get through, nor one to a centre that is away. */
const NEXT_WORD_MS = 1_500;
const REPORT_TIMEOUT_MS = 10_000;
/** A step is never longer: after a stand-still of the machine nobody jumps through the town. */
const MAX_STEP_MS = 5_000;

/** Elsewhere (another phone was in its car) the unit begins on its beat. */
const NEAR_ROAD_M = 500;

function isNearRoad(roads: RoadGraph, point: GeoPoint): boolean {
  return distanceM(roads.nearest(point).point, point) < NEAR_ROAD_M;
}

/** One unit of the town: its crew, what it rides, and its phone. */
export class Vehicle {
  readonly unitId: string;
  private readonly drive: Drive;
  private readonly crew: Crew;
  private readonly phone: Phone;
  private steppedAtMs: number;
  private reporting = false;
  private speaking = false;
  /** The phone was revoked: it is silent until the town starts again. */
  private silenced: boolean;

  constructor(
    private readonly member: Member,
    private readonly voice: Voice | null,
    private readonly world: VehicleWorld,
    dice: Dice,
  ) {
    const { spec, known, at } = member;
    const onFoot = spec.kind === 'PIE';
    const beat = beatOf(world.roads, spec.quarter, onFoot, dice);
    this.unitId = known.unitId;
    const from = at !== null && isNearRoad(world.roads, at) ? at : dice.pick(beat).point;
    this.drive = new Drive(from, gaitOf(spec.kind), dice.between(0, 360));
    const navigator = new Navigator(world.roads, this.drive);
    const patrol = new Patrol(this.drive, navigator, beat, dice.fork('patrol'));
    const nowMs = world.clock.nowMs();
    this.crew = new Crew(this.drive, navigator, patrol, dice.fork('crew'), world.manners, nowMs);
    this.phone = new Phone(dice.fork('phone'), world.pace, !onFoot);
    this.steppedAtMs = world.clock.monotonicMs();
    this.silenced = known.osmAndPath === null;
  }

  get isBusy(): boolean {
    return this.crew.isBusy;
  }

  /** Kilometres since the town started. */
  get drivenKm(): number {
    return this.drive.odometerM / 1_000;
  }

  /** Moves on to now: drives, says what there is to say, reports where it is when that is due. */
  step(order: Order | null): void {
    const { clock } = this.world;
    const passedMs = Math.min(MAX_STEP_MS, clock.monotonicMs() - this.steppedAtMs);
    this.steppedAtMs = clock.monotonicMs();
    const acts = this.crew.step(clock.nowMs(), passedMs / 1_000, order);
    for (const act of acts) void this.say(act);
    const fix = this.phone.read(this.drive.pose, clock.nowMs(), passedMs);
    if (fix && !this.silenced) void this.report(fix);
  }

  private async say(act: CrewAct): Promise<void> {
    const { line, logger, tally, clock } = this.world;
    if (!this.voice) return;
    if (this.speaking || !line.mayTry()) return this.crew.wasNotHeard(act, clock.nowMs(), NEXT_WORD_MS);
    this.speaking = true;
    try {
      await this.voice.say(act);
      tally.words++;
    } catch (problem) {
      if (isNoAnswer(problem)) this.crew.wasNotHeard(act, clock.nowMs(), NEXT_WORD_MS);
      const unit = this.member.spec.callSign;
      logger.debug({ unit, act: act.kind, reason: reasonOf(problem) }, 'a word of a crew was not taken');
    } finally {
      this.speaking = false;
    }
  }

  /** One report at a time, as a phone does; what cannot be sent is forgotten, as without coverage. */
  private async report(fix: PhoneFix): Promise<void> {
    const { line, tally } = this.world;
    if (this.reporting || !line.mayTry()) {
      tally.lost++;
      return;
    }
    this.reporting = true;
    try {
      await line.through(() => this.send(fix));
      tally.reports++;
    } catch (problem) {
      tally.lost++;
      if (problem instanceof CentreRefusal && problem.status === 401) this.silence();
    } finally {
      this.reporting = false;
    }
  }

  private silence(): void {
    this.silenced = true;
    this.world.logger.warn({ unit: this.member.spec.callSign }, 'its phone was revoked: it is silent from now on');
  }

  private async send(fix: PhoneFix): Promise<void> {
    const { url, signal } = this.world;
    const response = await fetch(`${url}${this.member.known.osmAndPath}?${osmAndQuery(fix)}`, {
      method: 'POST',
      signal: AbortSignal.any([signal, AbortSignal.timeout(REPORT_TIMEOUT_MS)]),
    });
    await response.body?.cancel();
    // The path holds the token: it is in no message.
    if (!response.ok) throw new CentreRefusal('a report of a position', response.status, '', '');
  }
}
