import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import {
  trackMetricsView,
  trackQuery,
  trackView,
  type TrackMetricsView,
  type TrackQuery,
  type TrackView,
} from '#libs/wire';
import { Limited } from '../access/rate.guard.ts';
import { Requires } from '../access/requires.ts';
import { SignedIn, type SignedInUser } from '../access/signed-in.ts';
import { Answers } from '../http/open-api.ts';
import { TrackService, type TrackFormat } from './track.service.ts';

const id = z.uuid();
const CONTENT_TYPE = { gpx: 'application/gpx+xml', csv: 'text/csv; charset=utf-8' } as const;

/** Where one unit was. */
@ApiTags('positions')
@Controller('api/units/:id')
@Requires('unit:view')
export class TrackController {
  constructor(private readonly tracks: TrackService) {}

  @Get('track')
  @Limited('track', 60)
  @Answers(trackView)
  track(
    @Param('id', { schema: id }) unitId: string,
    @Query({ schema: trackQuery }) query: TrackQuery,
  ): Promise<TrackView> {
    return this.tracks.track(unitId, query);
  }

  @Get('track/metrics')
  @Limited('track', 60)
  @Answers(trackMetricsView)
  metrics(
    @Param('id', { schema: id }) unitId: string,
    @Query({ schema: trackQuery }) query: TrackQuery,
  ): Promise<TrackMetricsView> {
    return this.tracks.metrics(unitId, query);
  }

  @Get('track.gpx')
  @Limited('track-file', 12)
  gpx(
    @Param('id', { schema: id }) unitId: string,
    @Query({ schema: trackQuery }) query: TrackQuery,
    @SignedIn() user: SignedInUser,
    @Res({ passthrough: true }) response: Response,
  ): Promise<string> {
    return this.file(unitId, query, 'gpx', user, response);
  }

  @Get('track.csv')
  @Limited('track-file', 12)
  csv(
    @Param('id', { schema: id }) unitId: string,
    @Query({ schema: trackQuery }) query: TrackQuery,
    @SignedIn() user: SignedInUser,
    @Res({ passthrough: true }) response: Response,
  ): Promise<string> {
    return this.file(unitId, query, 'csv', user, response);
  }

  private async file(
    unitId: string,
    query: TrackQuery,
    format: TrackFormat,
    user: SignedInUser,
    response: Response,
  ): Promise<string> {
    const text = await this.tracks.file(unitId, query, format, user);
    response.type(CONTENT_TYPE[format]).attachment(`track-${unitId}.${format}`).type(CONTENT_TYPE[format]);
    return text;
  }
}
