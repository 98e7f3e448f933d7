import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import {
  acknowledgeAlarmBody,
  alarmPage,
  alarmQuery,
  alarmView,
  type AcknowledgeAlarmBody,
  type AlarmPage,
  type AlarmQuery,
  type AlarmView,
} from '#libs/wire';
import { Requires } from '../access/requires.ts';
import { SignedIn, type SignedInUser } from '../access/signed-in.ts';
import { Answers } from '../http/open-api.ts';
import { AlarmDesk } from './alarm-desk.service.ts';

/** Alarms of cameras: reading them, and saying that somebody has seen one. */
@ApiTags('alarms')
@Controller('api/alarms')
export class AlarmController {
  constructor(private readonly desk: AlarmDesk) {}

  /** Newest first. Pages go by the last id seen, so that alarms added meanwhile neither repeat nor hide others. */
  @Get()
  @Requires('alarm:view')
  @Answers(alarmPage)
  page(@Query({ schema: alarmQuery }) query: AlarmQuery): Promise<AlarmPage> {
    return this.desk.page(query);
  }

  @Post(':id/acknowledge')
  @HttpCode(200)
  @Requires('alarm:acknowledge')
  @Answers(alarmView)
  acknowledge(
    @Param('id', { schema: z.uuid() }) id: string,
    @Body({ schema: acknowledgeAlarmBody }) body: AcknowledgeAlarmBody,
    @SignedIn() user: SignedInUser,
  ): Promise<AlarmView> {
    return this.desk.acknowledge(id, body.note, user);
  }
}
