import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { reasonOf, type Logger, type Timer } from '#libs/base';
import { holdOf, tourOf, untilMsOf, type PtzState, type TourRun } from '#libs/ptz';
import type { PtzView } from '#libs/wire';
import { CameraStore } from '../cameras/camera.store.ts';
import { CLOCK, type Clock } from '../clock.ts';
import { LOGGER } from '../logging.ts';
import { RealtimeService } from '../realtime/realtime.service.ts';
import { PtzBoard } from './ptz-board.ts';
import { PtzHeads } from './ptz-heads.ts';
import type { PtzTourEntity } from './ptz-tour.entity.ts';
import { PtzTourStore } from './ptz-tour.store.ts';
import { tourViewOf } from './ptz-tour-view.ts';

/** A pressed key puts off the end of a hold five times a second; pages are told of that so often. */
const PROLONGED_EVERY_MS = 1_000;

/** Owner of the realtime topic `ptz`: who steers, what tours, which presets, of every camera that can be steered. */
@Injectable()
export class PtzPublisher implements OnModuleInit, OnModuleDestroy {
  /** Cameras that pages have been told of. */
  private readonly known = new Set<string>();
  private readonly later = new Map<string, Timer>();
  private stopListening: () => void = () => undefined;
  private closed = false;

  constructor(
    private readonly cameras: CameraStore,
    private readonly tours: PtzTourStore,
    private readonly board: PtzBoard,
    private readonly heads: PtzHeads,
    private readonly realtime: RealtimeService,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.realtime.register('ptz', () => this.all());
    this.board.onChange((id, before, after) => this.onBoardChange(id, before, after));
    this.stopListening = this.realtime.listen((change) => {
      if (change.topic !== 'cameras') return;
      if (change.kind === 'removed') this.forget(change.id);
      else if (change.item.hasPtz && !this.known.has(change.item.id)) this.publishSoon(change.item.id, 0);
    });
  }

  onModuleDestroy(): void {
    this.closed = true;
    this.stopListening();
    for (const timer of this.later.values()) timer.cancel();
  }

  async all(): Promise<PtzView[]> {
    const [cameras, tours] = await Promise.all([this.cameras.all(), this.tours.all()]);
    return cameras
      .filter(({ camera }) => camera.hasPtz)
      .map(({ camera: { id } }) =>
        this.viewOf(
          id,
          tours.filter((tour) => tour.cameraId === id),
        ),
      );
  }

  /** Call it after the commit. */
  async publish(id: string): Promise<void> {
    this.later.get(id)?.cancel();
    this.later.delete(id);
    await this.realtime.refresh('ptz', id, async () => {
      const found = await this.cameras.byId(id);
      return found?.camera.hasPtz ? this.viewOf(id, await this.tours.ofCamera(id)) : undefined;
    });
  }

  private onBoardChange(id: string, before: PtzState, after: PtzState): void {
    this.publishSoon(id, shownOf(before) === shownOf(after) ? PROLONGED_EVERY_MS : 0);
  }

  private publishSoon(id: string, delayMs: number): void {
    if (this.closed || (delayMs > 0 && this.later.has(id))) return;
    this.later.get(id)?.cancel();
    const task = (): void => {
      this.publish(id).catch((thrown: unknown) =>
        this.logger.warn({ cameraId: id, reason: reasonOf(thrown) }, 'who steers could not be published'),
      );
    };
    this.later.set(id, this.clock.after(delayMs, task));
  }

  private forget(id: string): void {
    this.board.forget(id);
    this.heads.forget(id);
    this.later.get(id)?.cancel();
    this.later.delete(id);
    if (this.known.delete(id)) this.realtime.removed('ptz', id);
  }

  private viewOf(id: string, tours: readonly PtzTourEntity[]): PtzView {
    this.known.add(id);
    const state = this.board.stateOf(id);
    const tour = tourOf(state);
    return {
      id,
      presets: this.heads.presetsOf(id)?.map(({ token, name }) => ({ token, name })) ?? null,
      holder: this.holderOf(state),
      takenOver: this.board.takenOverOf(id),
      tour: tour && this.tourNow(tour, state.kind === 'touring'),
      tours: tours.map(tourViewOf),
    };
  }

  private holderOf(state: PtzState): PtzView['holder'] {
    const hold = holdOf(state);
    if (!hold) return null;
    const { wallOf, rules } = this.board;
    return {
      ...hold.by,
      reserved: state.kind === 'reserved',
      sinceMs: wallOf(hold.sinceMs),
      expiresAtMs: wallOf(untilMsOf(state, rules) ?? hold.usedMs),
    };
  }

  private tourNow(run: TourRun, running: boolean): NonNullable<PtzView['tour']> {
    const { wallOf } = this.board;
    return {
      tourId: run.tour.id,
      name: run.tour.name,
      step: run.step,
      phase: running ? PHASES[run.phase.kind] : 'paused',
      problem: run.problem && { code: run.problem.code, sinceMs: wallOf(run.problem.sinceMs) },
      skipped: run.skipped.map((skip) => ({ ...skip, atMs: wallOf(skip.atMs) })),
    };
  }
}

const PHASES = { due: 'going', travelling: 'going', dwelling: 'dwelling', waiting: 'waiting' } as const;

/** What a page shows of a state beside the end of the turn, which is put off with every order. */
function shownOf(state: PtzState): string {
  const hold = holdOf(state);
  const tour = tourOf(state);
  const phase = tour && PHASES[tour.phase.kind];
  const until = state.kind === 'reserved' ? state.untilMs : 0;
  const shown = [
    state.kind,
    hold?.by.accountId,
    hold?.sinceMs,
    until,
    tour?.tour.id,
    tour?.tour.name,
    tour?.step,
    phase,
  ];
  return JSON.stringify([...shown, tour?.problem, tour?.skipped.length]);
}
