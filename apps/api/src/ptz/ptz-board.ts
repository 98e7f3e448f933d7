import { Inject, Injectable } from '@nestjs/common';
import { steeringPriority } from '#libs/access';
import {
  DEFAULT_RULES,
  FREE,
  holdOf,
  type Ended,
  type Outcome,
  type PtzRules,
  type PtzState,
  type Steerer,
} from '#libs/ptz';
import type { PtzView } from '#libs/wire';
import type { SignedInUser } from '../access/signed-in.ts';
import { CLOCK, type Clock } from '../clock.ts';

/** A turn that is over, and whose it was. */
export interface EndedTurn extends Ended {
  readonly cameraId: string;
  readonly user: SignedInUser | undefined;
}

/** Hears each camera whose state is another one now. */
export type BoardListener = (cameraId: string, before: PtzState, after: PtzState) => void;

type Transition = (state: PtzState, nowMs: number, rules: PtzRules) => Outcome;

/**
 * Who steers which camera, in the memory of the api on duty: a turn lasts seconds, and only one api steers. It is the only
 * owner of these states; everybody else asks for a transition.
 */
@Injectable()
export class PtzBoard {
  readonly rules: PtzRules = DEFAULT_RULES;
  private readonly states = new Map<string, PtzState>();
  private readonly holders = new Map<string, SignedInUser>();
  private readonly takenOver = new Map<string, NonNullable<PtzView['takenOver']>>();
  private readonly changeListeners: BoardListener[] = [];
  private readonly endListeners: ((ended: EndedTurn) => void)[] = [];

  constructor(@Inject(CLOCK) private readonly clock: Clock) {}

  onChange(listener: BoardListener): void {
    this.changeListeners.push(listener);
  }

  onEnded(listener: (ended: EndedTurn) => void): void {
    this.endListeners.push(listener);
  }

  stateOf(cameraId: string): PtzState {
    return this.states.get(cameraId) ?? FREE;
  }

  takenOverOf(cameraId: string): PtzView['takenOver'] {
    return this.takenOver.get(cameraId) ?? null;
  }

  /** Cameras that somebody steers or that tour. */
  busy(): string[] {
    return [...this.states.keys()];
  }

  /** Cameras whose holder gave the last order in one of these sessions. */
  heldBySessions(sessionIds: ReadonlySet<string>): [cameraId: string, holder: SignedInUser][] {
    return [...this.holders].filter(([, user]) => sessionIds.has(user.sessionId));
  }

  /** What the wall clock shows at an instant of the states. */
  readonly wallOf = (ms: number): number => Math.round(this.clock.nowMs() + ms - this.clock.monotonicMs());

  /** Makes a transition. `user` is who asks for it, when it makes them the holder. */
  apply(cameraId: string, transition: Transition, user?: SignedInUser): Outcome {
    const before = this.stateOf(cameraId);
    const outcome = transition(before, this.clock.monotonicMs(), this.rules);
    const holderBefore = this.holders.get(cameraId);
    this.keep(cameraId, outcome.state, user);
    if (outcome.ended) this.tellEnded(cameraId, outcome.ended, holderBefore);
    if (outcome.state !== before)
      for (const listener of this.changeListeners) listener(cameraId, before, outcome.state);
    return outcome;
  }

  forget(cameraId: string): void {
    this.states.delete(cameraId);
    this.holders.delete(cameraId);
    this.takenOver.delete(cameraId);
  }

  private keep(cameraId: string, state: PtzState, user: SignedInUser | undefined): void {
    if (state.kind === 'free') this.states.delete(cameraId);
    else this.states.set(cameraId, state);
    const hold = holdOf(state);
    if (!hold) this.holders.delete(cameraId);
    else if (user?.accountId === hold.by.accountId) this.holders.set(cameraId, user);
  }

  private tellEnded(cameraId: string, ended: Ended, user: SignedInUser | undefined): void {
    if (ended.cause === 'taken-over' && ended.endedBy) {
      const { by } = ended.hold;
      this.takenOver.set(cameraId, {
        fromAccountId: by.accountId,
        fromName: by.displayName,
        byName: ended.endedBy.displayName,
        atMs: this.clock.nowMs(),
      });
    }
    for (const listener of this.endListeners) listener({ ...ended, cameraId, user });
  }
}

export function steererOf({ accountId, displayName, role }: SignedInUser): Steerer {
  return { accountId, displayName, priority: steeringPriority(role) };
}
