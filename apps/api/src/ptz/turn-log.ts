import { Inject, Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { reasonOf, type Logger } from '#libs/base';
import { holdOf, release } from '#libs/ptz';
import { AuditService } from '../audit/audit.service.ts';
import { CameraStore } from '../cameras/camera.store.ts';
import { LOGGER } from '../logging.ts';
import { PtzBoard, steererOf, type EndedTurn } from './ptz-board.ts';

/** Writes each turn at a camera to the audit once, when it is over: not every press of a key. */
@Injectable()
export class TurnLog implements OnModuleInit, BeforeApplicationShutdown {
  private readonly writing = new Set<Promise<void>>();

  constructor(
    private readonly board: PtzBoard,
    private readonly cameras: CameraStore,
    private readonly audit: AuditService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.board.onEnded((ended) => {
      const written = this.write(ended).finally(() => this.writing.delete(written));
      this.writing.add(written);
    });
  }

  /** Turns end with the process: what was done in them is written. */
  async beforeApplicationShutdown(): Promise<void> {
    for (const id of this.board.busy()) {
      const holder = holdOf(this.board.stateOf(id))?.by;
      if (holder) this.board.apply(id, (state, nowMs, rules) => release(state, holder, nowMs, rules));
    }
    await Promise.all(this.writing);
  }

  /** Ends the turn of somebody whose session is over. */
  endSessions(sessionIds: readonly string[]): void {
    for (const [id, user] of this.board.heldBySessions(new Set(sessionIds)))
      this.board.apply(id, (state, nowMs, rules) => release(state, steererOf(user), nowMs, rules));
  }

  private async write({ cameraId, hold, wasReserved, cause, endedBy, user }: EndedTurn): Promise<void> {
    try {
      const code = (await this.cameras.byId(cameraId))?.camera.code ?? null;
      const details = {
        camera: code,
        orders: hold.orders,
        from: new Date(this.board.wallOf(hold.sinceMs)).toISOString(),
        lastOrder: new Date(this.board.wallOf(hold.usedMs)).toISOString(),
        reserved: wasReserved,
        end: cause,
        ...(endedBy ? { endedBy: endedBy.displayName } : {}),
      };
      const actor = user ?? { accountId: hold.by.accountId };
      await this.audit.record(
        { action: 'ptz:steer', objectKind: 'camera', objectId: cameraId, outcome: 'done', details },
        actor,
      );
    } catch (thrown) {
      this.logger.error({ cameraId, reason: reasonOf(thrown) }, 'a turn at a camera could not be written to the audit');
    }
  }
}
