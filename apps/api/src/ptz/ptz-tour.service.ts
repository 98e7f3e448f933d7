import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { RefusalError, refusal, uuidV7 } from '#libs/base';
import { startTour, stopTour, tourOf } from '#libs/ptz';
import type { PtzTourBody, PtzTourView } from '#libs/wire';
import type { SignedInUser } from '../access/signed-in.ts';
import { AuditService } from '../audit/audit.service.ts';
import { valueOrThrow } from '../cameras/camera-refusals.ts';
import { CameraStore } from '../cameras/camera.store.ts';
import { CLOCK, type Clock } from '../clock.ts';
import { DutyService, dutyElsewhere } from '../duty/duty.service.ts';
import { PtzBoard, steererOf } from './ptz-board.ts';
import { PtzHeads } from './ptz-heads.ts';
import { PtzPublisher } from './ptz-publisher.ts';
import { tourUnknown } from './ptz-refusals.ts';
import { PtzTourEntity } from './ptz-tour.entity.ts';
import { PtzTourStore } from './ptz-tour.store.ts';
import { tourOfRow, tourViewOf } from './ptz-tour-view.ts';

/** A camera has a handful: by day, by night, on a match day. */
const MAX_TOURS = 20;

/** Tours: what they are, and which of a camera's is told to run. */
@Injectable()
export class PtzTourService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly tours: PtzTourStore,
    private readonly cameras: CameraStore,
    private readonly board: PtzBoard,
    private readonly heads: PtzHeads,
    private readonly publisher: PtzPublisher,
    private readonly audit: AuditService,
    private readonly duty: DutyService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws {RefusalError} `camera-unknown`, `ptz-none`, `ptz-tours-full`, `ptz-preset-unknown`. */
  async create(cameraId: string, body: PtzTourBody, by: SignedInUser): Promise<PtzTourView> {
    valueOrThrow(await this.heads.of(cameraId));
    this.demandPresets(cameraId, body);
    const now = new Date(this.clock.nowMs());
    const { name, steps } = body;
    const row = {
      id: uuidV7(this.clock.nowMs()),
      cameraId,
      name,
      steps,
      startedAt: null,
      createdAt: now,
      updatedAt: now,
    };
    const tour = Object.assign(new PtzTourEntity(), row);
    await this.dataSource.transaction(async (manager) => {
      await this.cameras.lock(cameraId, manager);
      if ((await this.tours.ofCamera(cameraId, manager)).length >= MAX_TOURS)
        throw new RefusalError(
          refusal('conflict', 'ptz-tours-full', `at most ${MAX_TOURS} tours of a camera are kept`),
        );
      await manager.insert(PtzTourEntity, row);
      await this.audit.record(auditOf('ptz-tour:create', tour, { steps: steps.length }), by, manager);
    });
    await this.publisher.publish(cameraId);
    return tourViewOf(tour);
  }

  /** One that runs begins anew with what it is now. @throws {RefusalError} `ptz-tour-unknown`, `ptz-preset-unknown`. */
  async change(id: string, body: PtzTourBody, by: SignedInUser): Promise<PtzTourView> {
    const before = await this.known(id);
    this.demandPresets(before.cameraId, body);
    const change = { name: body.name, steps: body.steps, updatedAt: new Date(this.clock.nowMs()) };
    const after = Object.assign(new PtzTourEntity(), before, change);
    await this.dataSource.transaction(async (manager) => {
      await manager.update(PtzTourEntity, { id }, change);
      const details = { from: before.name, steps: [before.steps.length, after.steps.length] };
      await this.audit.record(auditOf('ptz-tour:change', after, details), by, manager);
    });
    if (this.runs(after)) this.run(after, null);
    await this.publisher.publish(after.cameraId);
    return tourViewOf(after);
  }

  /** @throws {RefusalError} `ptz-tour-unknown`. */
  async remove(id: string, by: SignedInUser): Promise<void> {
    const tour = await this.known(id);
    await this.dataSource.transaction(async (manager) => {
      await manager.delete(PtzTourEntity, { id });
      await this.audit.record(auditOf('ptz-tour:remove', tour), by, manager);
    });
    this.halt(tour);
    await this.publisher.publish(tour.cameraId);
  }

  /** Runs now, or when nobody steers any more. Another tour of the camera ends. @throws {RefusalError} `ptz-tour-unknown`. */
  async start(id: string, by: SignedInUser): Promise<void> {
    const tour = await this.known(id);
    await this.dataSource.transaction(async (manager) => {
      // One start at a time: at most one tour of a camera runs.
      await this.cameras.lock(tour.cameraId, manager);
      await this.tours.clearStarted(tour.cameraId, manager);
      await manager.update(PtzTourEntity, { id }, { startedAt: new Date(this.clock.nowMs()) });
      await this.audit.record(auditOf('ptz-tour:start', tour), by, manager);
    });
    this.run(tour, by);
    await this.publisher.publish(tour.cameraId);
  }

  /** @throws {RefusalError} `ptz-tour-unknown`. */
  async stop(id: string, by: SignedInUser): Promise<void> {
    const tour = await this.known(id);
    await this.dataSource.transaction(async (manager) => {
      await manager.update(PtzTourEntity, { id }, { startedAt: null });
      await this.audit.record(auditOf('ptz-tour:stop', tour), by, manager);
    });
    this.halt(tour);
    await this.publisher.publish(tour.cameraId);
  }

  /** What ran when the api ended goes on. */
  async resumeAll(): Promise<void> {
    for (const tour of await this.tours.started()) if (!this.runs(tour)) this.run(tour, null);
  }

  private run(tour: PtzTourEntity, by: SignedInUser | null): void {
    const who = by && steererOf(by);
    this.board.apply(tour.cameraId, (state, nowMs, rules) => startTour(state, tourOfRow(tour), who, nowMs, rules));
  }

  private halt(tour: PtzTourEntity): void {
    if (!this.runs(tour)) return;
    this.board.apply(tour.cameraId, (state) => ({ state: stopTour(state), ended: null, refused: null }));
  }

  private runs({ id, cameraId }: PtzTourEntity): boolean {
    return tourOf(this.board.stateOf(cameraId))?.tour.id === id;
  }

  private async known(id: string): Promise<PtzTourEntity> {
    if (!this.duty.isOn) throw new RefusalError(dutyElsewhere());
    const tour = await this.tours.byId(id);
    if (!tour) throw tourUnknown();
    return tour;
  }

  /** Only when the camera's presets are known: a camera that is away must not keep anybody from planning. */
  private demandPresets(cameraId: string, { steps }: PtzTourBody): void {
    const known = this.heads.presetsOf(cameraId);
    const missing = known && steps.find(({ preset }) => !known.some(({ token }) => token === preset));
    if (missing)
      throw new RefusalError(
        refusal('bad-input', 'ptz-preset-unknown', 'the camera has no such preset', { preset: missing.preset }),
      );
  }
}

function auditOf(action: string, { id, cameraId, name }: PtzTourEntity, details: Record<string, unknown> = {}) {
  const what = { action, objectKind: 'ptz-tour', objectId: id, outcome: 'done' as const };
  return { ...what, details: { name, cameraId, ...details } };
}
