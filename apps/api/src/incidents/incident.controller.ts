import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import {
  callHistoryQuery,
  callHistoryView,
  clientId,
  duplicateView,
  duplicatesQuery,
  incidentDetail,
  incidentList,
  incidentQuery,
  recommendationView,
  timelineEntry,
  timelineQuery,
  type CallHistoryQuery,
  type CallHistoryView,
  type DuplicateView,
  type DuplicatesQuery,
  type IncidentDetail,
  type IncidentItem,
  type IncidentQuery,
  type RecommendationView,
  type TimelineEntry,
  type TimelineQuery,
} from '#libs/wire';
import { Limited } from '../access/rate.guard.ts';
import { Requires } from '../access/requires.ts';
import { SignedIn, type SignedInUser } from '../access/signed-in.ts';
import { Answers } from '../http/open-api.ts';
import { IncidentQueryService } from './incident-query.service.ts';
import { RecommendationService } from './recommendation.service.ts';

/** What is known of incidents, as the one who asks may see it. */
@ApiTags('incidents')
@Controller('api')
export class IncidentController {
  constructor(
    private readonly incidents: IncidentQueryService,
    private readonly recommendations: RecommendationService,
  ) {}

  @Get('incidents')
  @Requires('incident:view')
  @Answers(incidentList)
  list(
    @Query({ schema: incidentQuery }) query: IncidentQuery,
    @SignedIn() user: SignedInUser,
  ): Promise<IncidentItem[]> {
    return this.incidents.list(query, user);
  }

  @Get('incidents/duplicates')
  @Requires('incident:take')
  @Answers(z.array(duplicateView))
  duplicates(
    @Query({ schema: duplicatesQuery }) query: DuplicatesQuery,
    @SignedIn() user: SignedInUser,
  ): Promise<DuplicateView[]> {
    return this.incidents.duplicates(query, user);
  }

  @Get('incidents/:id')
  @Requires('incident:view')
  @Answers(incidentDetail)
  detail(@Param('id', { schema: clientId }) id: string, @SignedIn() user: SignedInUser): Promise<IncidentDetail> {
    return this.incidents.detail(id, user);
  }

  @Get('incidents/:id/timeline')
  @Requires('incident:view')
  @Answers(z.array(timelineEntry))
  timeline(
    @Param('id', { schema: clientId }) id: string,
    @Query({ schema: timelineQuery }) query: TimelineQuery,
    @SignedIn() user: SignedInUser,
  ): Promise<TimelineEntry[]> {
    return this.incidents.timeline(id, query, user);
  }

  @Get('incidents/:id/recommendation')
  @Requires('incident:dispatch')
  @Answers(recommendationView)
  recommendation(
    @Param('id', { schema: clientId }) id: string,
    @SignedIn() user: SignedInUser,
  ): Promise<RecommendationView> {
    return this.recommendations.of(id, user);
  }

  @Get('calls')
  @Requires('incident:take')
  @Limited('call-history', 40, 'account')
  @Answers(callHistoryView)
  calls(
    @Query({ schema: callHistoryQuery }) query: CallHistoryQuery,
    @SignedIn() user: SignedInUser,
  ): Promise<CallHistoryView> {
    return this.incidents.callsFrom(query.phone, user);
  }
}
