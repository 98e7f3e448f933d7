import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import {
  crossingPage,
  crossingQuery,
  livePositionView,
  metricsExportQuery,
  type CrossingPage,
  type CrossingQuery,
  type LivePositionView,
  type MetricsExportQuery,
} from '#libs/wire';
import { Limited } from '../access/rate.guard.ts';
import { Requires } from '../access/requires.ts';
import { SignedIn, type SignedInUser } from '../access/signed-in.ts';
import { UnitSight } from '../dispatch/unit-sight.ts';
import { Answers } from '../http/open-api.ts';
import { CrossingStore } from './crossing.store.ts';
import { MetricsExport } from './metrics-export.ts';
import { PositionsService } from './positions.service.ts';

/** Where all units are, and what their tracks add up to. */
@ApiTags('positions')
@Controller('api/positions')
export class PositionsController {
  constructor(
    private readonly positions: PositionsService,
    private readonly sight: UnitSight,
    private readonly crossings: CrossingStore,
    private readonly metricsExport: MetricsExport,
  ) {}

  @Get()
  @Requires('unit:view')
  @Answers(z.array(livePositionView))
  live(@SignedIn() user: SignedInUser): LivePositionView[] {
    return this.positions.live().map((live) => this.sight.livePositionFor(user, live));
  }

  /** Newest first. Pages go by the last id seen, so that lines added meanwhile neither repeat nor hide others. */
  @Get('crossings')
  @Requires('unit:view')
  @Answers(crossingPage)
  async page(@Query({ schema: crossingQuery }) query: CrossingQuery): Promise<CrossingPage> {
    const found = await this.crossings.page(query);
    const crossings = found.slice(0, query.limit).map(({ id, at, unitId, fenceKind, fenceId, kind }) => ({
      id: Number(id),
      atMs: at.getTime(),
      unitId,
      fence: { kind: fenceKind, id: fenceId },
      kind,
    }));
    return { crossings, nextBefore: found.length > query.limit ? (crossings.at(-1)?.id ?? null) : null };
  }

  /** Sent as it is computed; a client that leaves ends the work. */
  @Get('metrics.csv')
  @Requires('unit:manage')
  @Limited('track-file', 12)
  async metrics(
    @Query({ schema: metricsExportQuery }) query: MetricsExportQuery,
    @SignedIn() user: SignedInUser,
    @Res() response: Response,
  ): Promise<void> {
    const open = (): Response =>
      response.attachment(`units-${query.fromDay}-${query.toDay}.csv`).type('text/csv; charset=utf-8');
    await this.metricsExport.write(query, user, open).catch((thrown: unknown) => {
      // The client has left: nobody is there to be told.
      if (!response.closed) throw thrown;
    });
  }
}
