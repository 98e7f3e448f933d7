import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  mapReportView,
  outcomesReportView,
  reportQuery,
  timesReportView,
  type MapReportView,
  type OutcomesReportView,
  type ReportQuery,
  type TimesReportView,
} from '#libs/wire';
import { Limited } from '../access/rate.guard.ts';
import { Requires } from '../access/requires.ts';
import { SignedIn, type SignedInUser } from '../access/signed-in.ts';
import { Answers } from '../http/open-api.ts';
import { CrimeMapService } from './crime-map.service.ts';
import { OutcomesService } from './outcomes.service.ts';
import { TimesService } from './times.service.ts';

/** What incidents add up to, without anybody's name. Small numbers are hidden from who has not `report:detail`. */
@ApiTags('reports')
@Controller('api/reports')
@Requires('report:view')
export class ReportsController {
  constructor(
    private readonly timesOf: TimesService,
    private readonly outcomesOf: OutcomesService,
    private readonly mapOf: CrimeMapService,
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
}
