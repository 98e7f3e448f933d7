import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import {
  REPORT_NAMES,
  camerasReportView,
  mapReportView,
  outcomesReportView,
  patrolReportView,
  reportFileQuery,
  reportQuery,
  timesReportView,
  type CamerasReportView,
  type MapReportView,
  type OutcomesReportView,
  type PatrolReportView,
  type ReportFileQuery,
  type ReportName,
  type ReportQuery,
  type TimesReportView,
} from '#libs/wire';
import { Limited } from '../access/rate.guard.ts';
import { Requires } from '../access/requires.ts';
import { SignedIn, type SignedInUser } from '../access/signed-in.ts';
import { Answers } from '../http/open-api.ts';
import { CameraWorkService } from './camera-work.service.ts';
import { CrimeMapService } from './crime-map.service.ts';
import { OutcomesService } from './outcomes.service.ts';
import { PatrolService } from './patrol.service.ts';
import { ReportFileService } from './report-file.service.ts';
import { TimesService } from './times.service.ts';

const reportName = z.enum(REPORT_NAMES);

/** What incidents add up to, without anybody's name. Small numbers are hidden from who has not `report:detail`. */
@ApiTags('reports')
@Controller('api/reports')
@Requires('report:view')
export class ReportsController {
  constructor(
    private readonly timesOf: TimesService,
    private readonly outcomesOf: OutcomesService,
    private readonly mapOf: CrimeMapService,
    private readonly patrolOf: PatrolService,
    private readonly camerasOf: CameraWorkService,
    private readonly files: ReportFileService,
  ) {}

  @Get('times')
  @Limited('report', 60)
  @Answers(timesReportView)
  times(@Query({ schema: reportQuery }) query: ReportQuery, @SignedIn() user: SignedInUser): Promise<TimesReportView> {
    return this.timesOf.report(query, user);
  }

  @Get('outcomes')
  @Limited('report', 60)
  @Answers(outcomesReportView)
  outcomes(
    @Query({ schema: reportQuery }) query: ReportQuery,
    @SignedIn() user: SignedInUser,
  ): Promise<OutcomesReportView> {
    return this.outcomesOf.report(query, user);
  }

  @Get('map')
  @Limited('report', 60)
  @Answers(mapReportView)
  map(@Query({ schema: reportQuery }) query: ReportQuery, @SignedIn() user: SignedInUser): Promise<MapReportView> {
    return this.mapOf.report(query, user);
  }

  @Get('patrol')
  @Limited('report', 60)
  @Answers(patrolReportView)
  patrol(
    @Query({ schema: reportQuery }) query: ReportQuery,
    @SignedIn() user: SignedInUser,
  ): Promise<PatrolReportView> {
    return this.patrolOf.report(query, user);
  }

  @Get('cameras')
  @Limited('report', 60)
  @Answers(camerasReportView)
  cameras(
    @Query({ schema: reportQuery }) query: ReportQuery,
    @SignedIn() user: SignedInUser,
  ): Promise<CamerasReportView> {
    return this.camerasOf.report(query, user);
  }

  @Get(':name/file')
  @Requires('report:export')
  @Limited('report-file', 20)
  async file(
    @Param('name', { schema: reportName }) name: ReportName,
    @Query({ schema: reportFileQuery }) query: ReportFileQuery,
    @SignedIn() user: SignedInUser,
    @Res() response: Response,
  ): Promise<void> {
    const file = await this.files.file(name, query, user);
    response.attachment(file.name).type(file.contentType).send(file.bytes);
  }
}
