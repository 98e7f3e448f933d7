import { Injectable, type OnModuleInit } from '@nestjs/common';
import { RefusalError, ok, type Result } from '#libs/base';
import { holdOf, mayStop, release, reserve, steer, type Outcome } from '#libs/ptz';
import type { PtzOrder, PtzPreset, PtzReserveBody, PtzView } from '#libs/wire';
import { SessionService } from '../access/session.service.ts';
import type { SignedInUser } from '../access/signed-in.ts';
import { AuditService } from '../audit/audit.service.ts';
import { outcomeOf, valueOrThrow } from '../cameras/camera-refusals.ts';
import type { CameraEntity } from '../cameras/camera.entity.ts';
import { PtzBoard, steererOf } from './ptz-board.ts';
import { PtzHeads, type Steerable } from './ptz-heads.ts';
import { PtzPublisher } from './ptz-publisher.ts';
import { refusedBy } from './ptz-refusals.ts';
import { TurnLog } from './turn-log.ts';

/** Steering by people: first whose turn it is, then the camera. */
@Injectable()
export class PtzService implements OnModuleInit {
  constructor(
    private readonly board: PtzBoard,
    private readonly heads: PtzHeads,
    private readonly publisher: PtzPublisher,
    private readonly turns: TurnLog,
    private readonly sessions: SessionService,
    private readonly audit: AuditService,
  ) {}

  onModuleInit(): void {
    // A reservation does not outlive the login of the one who made it.
    this.sessions.onEnded((ids) => this.turns.endSessions(ids));
  }

  list(): Promise<PtzView[]> {
    return this.publisher.all();
  }

  /** @throws {RefusalError} `camera-unknown`, a `ptz-…` code, an `OnvifCode`. */
  async order(cameraId: string, order: PtzOrder, by: SignedInUser): Promise<void> {
    const steerable = valueOrThrow(await this.heads.of(cameraId));
    if (order.op === 'stop') return this.stop(steerable, order.press, by);
    const taken = await this.claim(steerable.camera, by, (state, nowMs, rules) =>
      steer(state, steererOf(by), order.takeOver, nowMs, rules),
    );
    if (taken) await this.heads.stopMoving(cameraId);
    valueOrThrow(await this.carryOut(steerable, order, () => this.holds(cameraId, by)));
  }

  /** @throws {RefusalError} `camera-unknown`, a `ptz-…` code. */
  async reserve(cameraId: string, { minutes, takeOver }: PtzReserveBody, by: SignedInUser): Promise<void> {
    const { camera } = valueOrThrow(await this.heads.of(cameraId));
    const taken = await this.claim(camera, by, (state, nowMs, rules) =>
      reserve(state, steererOf(by), minutes * 60_000, takeOver, nowMs, rules),
    );
    if (taken) await this.heads.stopMoving(cameraId);
    await this.record('ptz:reserve', camera, by, { minutes });
  }

  /** Lets go: one's own turn, or that of somebody of lower priority. @throws {RefusalError} `ptz-not-holder`. */
  async letGo(cameraId: string, by: SignedInUser): Promise<void> {
    const { camera } = valueOrThrow(await this.heads.of(cameraId));
    const outcome = this.granted(
      this.board.apply(cameraId, (state, nowMs, rules) => release(state, steererOf(by), nowMs, rules)),
    );
    await this.heads.stopMoving(cameraId);
    if (outcome.ended?.cause === 'withdrawn')
      await this.record('ptz:withdraw', camera, by, { from: outcome.ended.hold.by.displayName });
  }

  /** Asks the camera anew. @throws {RefusalError} `camera-unknown`, a `ptz-…` code, an `OnvifCode`. */
  async presets(cameraId: string): Promise<PtzPreset[]> {
    const { head } = valueOrThrow(await this.heads.of(cameraId));
    const before = this.heads.presetsOf(cameraId);
    const listed = valueOrThrow(await this.heads.askPresets(cameraId, head));
    if (JSON.stringify(before) !== JSON.stringify(listed)) await this.publisher.publish(cameraId);
    return listed.map(({ token, name }) => ({ token, name }));
  }

  /** Saves where the camera looks. A movement of one's own is ended before. @throws as {@link order}. */
  async savePreset(cameraId: string, name: string, by: SignedInUser): Promise<PtzPreset> {
    const { camera, head } = valueOrThrow(await this.heads.of(cameraId));
    await this.claim(camera, by, (state, nowMs, rules) => steer(state, steererOf(by), false, nowMs, rules));
    await this.heads.stopMoving(cameraId);
    const saved = await head.savePreset(name, () => this.holds(cameraId, by));
    await this.record('ptz-preset:save', camera, by, { name, token: saved.ok ? saved.value : null }, saved);
    const token = valueOrThrow(saved);
    await this.heads.askPresets(cameraId, head);
    await this.publisher.publish(cameraId);
    return this.heads.presetsOf(cameraId)?.find((preset) => preset.token === token) ?? { token, name };
  }

  /** @throws {RefusalError} `camera-unknown`, a `ptz-…` code, an `OnvifCode`. */
  async removePreset(cameraId: string, token: string, by: SignedInUser): Promise<void> {
    const { camera, head } = valueOrThrow(await this.heads.of(cameraId));
    const name = this.heads.presetsOf(cameraId)?.find((preset) => preset.token === token)?.name ?? null;
    const removed = await head.removePreset(token);
    await this.record('ptz-preset:remove', camera, by, { name, token }, removed);
    valueOrThrow(removed);
    await this.heads.askPresets(cameraId, head);
    await this.publisher.publish(cameraId);
  }

  private async stop({ camera, head }: Steerable, press: string | undefined, by: SignedInUser): Promise<void> {
    this.granted(this.board.apply(camera.id, (state, nowMs, rules) => mayStop(state, steererOf(by), nowMs, rules)));
    valueOrThrow(await head.stop(press));
  }

  private carryOut(
    { head }: Steerable,
    order: Exclude<PtzOrder, { op: 'stop' }>,
    wanted: () => boolean,
  ): Promise<Result<void>> {
    switch (order.op) {
      case 'move': {
        const { pan, tilt, zoom, timeoutMs, press } = order;
        return head.move({ pan, tilt, zoom }, timeoutMs, press, wanted);
      }
      case 'goto':
        return head.goToPreset(order.preset, wanted);
      case 'home':
        return head.goHome(wanted);
      case 'take':
        return Promise.resolve(ok(undefined));
    }
  }

  /** Answers whether the camera was taken from somebody, which is written down. */
  private async claim(
    camera: CameraEntity,
    by: SignedInUser,
    transition: Parameters<PtzBoard['apply']>[1],
  ): Promise<boolean> {
    const { ended } = this.granted(this.board.apply(camera.id, transition, by));
    if (ended?.cause !== 'taken-over') return false;
    const details = { from: ended.hold.by.displayName, wasReserved: ended.wasReserved };
    await this.record('ptz:take-over', camera, by, details);
    return true;
  }

  private granted(outcome: Outcome): Outcome {
    if (outcome.refused) throw new RefusalError(refusedBy(outcome.refused, this.board.wallOf));
    return outcome;
  }

  private holds(cameraId: string, { accountId }: SignedInUser): boolean {
    return holdOf(this.board.stateOf(cameraId))?.by.accountId === accountId;
  }

  private record(
    action: string,
    { id, code }: CameraEntity,
    by: SignedInUser,
    details: Record<string, unknown>,
    result: Result<unknown> = ok(undefined),
  ): Promise<void> {
    const what = { action, objectKind: 'camera', objectId: id, details: { camera: code, ...details } };
    return this.audit.record({ ...what, ...outcomeOf(result) }, by);
  }
}
