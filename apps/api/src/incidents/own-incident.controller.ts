import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import {
  ownIncidentView,
  timelineEntry,
  timelineQuery,
  type OwnIncidentView,
  type TimelineEntry,
  type TimelineQuery,
} from '#libs/wire';
import { Requires } from '../access/requires.ts';
import { SignedIn, type SignedInUser } from '../access/signed-in.ts';
import { Answers } from '../http/open-api.ts';
import { OwnIncidentService } from './own-incident.service.ts';

/** The incident of a crew's own unit: a patrol reads no other. */
@ApiTags('units')
@Controller('api/units/own/incident')
export class OwnIncidentController {
  constructor(private readonly own: OwnIncidentService) {}

  @Get()
  @Requires('unit:report')
  @Answers(ownIncidentView)
  show(@SignedIn() user: SignedInUser): Promise<OwnIncidentView> {
    return this.own.show(user);
  }

  @Get('timeline')
  @Requires('unit:report')
  @Answers(z.array(timelineEntry))
  timeline(
    @Query({ schema: timelineQuery }) query: TimelineQuery,
    @SignedIn() user: SignedInUser,
  ): Promise<TimelineEntry[]> {
    return this.own.timeline(query, user);
  }
}
