import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import {
  alarmRulesBody,
  alarmRulesView,
  alarmSettings,
  zoneSchedulesBody,
  zoneSchedulesView,
  type AlarmRulesBody,
  type AlarmRulesView,
  type AlarmSettings,
  type ZoneSchedulesBody,
  type ZoneSchedulesView,
} from '#libs/wire';
import { Requires } from '../access/requires.ts';
import { SignedIn, type SignedInUser } from '../access/signed-in.ts';
import { cameraUnknown } from '../cameras/camera-refusals.ts';
import { CameraStore } from '../cameras/camera.store.ts';
import { Answers } from '../http/open-api.ts';
import { AlarmRulesService } from './alarm-rules.service.ts';
import { EventLinks } from './event-links.ts';
import { TopicMemory } from './topic-memory.ts';

const id = z.uuid();

/** What is wanted of alarms: by the centre, of a camera, in a zone. */
@ApiTags('alarms')
@Controller('api')
export class AlarmRulesController {
  constructor(
    private readonly rules: AlarmRulesService,
    private readonly cameras: CameraStore,
    private readonly links: EventLinks,
    private readonly topics: TopicMemory,
  ) {}

  @Get('settings/alarms')
  @Requires('alarm:view')
  @Answers(alarmSettings)
  settings(): AlarmSettings {
    return this.rules.current;
  }

  @Put('settings/alarms')
  @Requires('setting:manage')
  @Answers(alarmSettings)
  changeSettings(
    @Body({ schema: alarmSettings }) body: AlarmSettings,
    @SignedIn() user: SignedInUser,
  ): Promise<AlarmSettings> {
    return this.rules.changeSettings(body, user);
  }

  @Get('cameras/:id/alarm-rules')
  @Requires('camera:manage')
  @Answers(alarmRulesView)
  async camera(@Param('id', { schema: id }) cameraId: string): Promise<AlarmRulesView> {
    if (!(await this.cameras.byId(cameraId))) throw cameraUnknown();
    return this.viewOf(cameraId);
  }

  @Put('cameras/:id/alarm-rules')
  @Requires('camera:manage')
  @Answers(alarmRulesView)
  async changeCamera(
    @Param('id', { schema: id }) cameraId: string,
    @Body({ schema: alarmRulesBody }) body: AlarmRulesBody,
    @SignedIn() user: SignedInUser,
  ): Promise<AlarmRulesView> {
    await this.rules.changeCamera(cameraId, body, user);
    return this.viewOf(cameraId);
  }

  @Get('zones/:id/alarm-schedules')
  @Requires('zone:view')
  @Answers(zoneSchedulesView)
  zone(@Param('id', { schema: id }) zoneId: string): Promise<ZoneSchedulesView> {
    return this.rules.zone(zoneId);
  }

  @Put('zones/:id/alarm-schedules')
  @Requires('zone:manage')
  @Answers(zoneSchedulesView)
  changeZone(
    @Param('id', { schema: id }) zoneId: string,
    @Body({ schema: zoneSchedulesBody }) body: ZoneSchedulesBody,
    @SignedIn() user: SignedInUser,
  ): Promise<ZoneSchedulesView> {
    return this.rules.changeZone(zoneId, body, user);
  }

  private viewOf(cameraId: string): AlarmRulesView {
    const heard = this.topics.topicsOf(cameraId).map((one) => ({
      ...one,
      meaning: this.rules.meaningOf(cameraId, one.topic) ?? null,
    }));
    return { cameraId, ...this.rules.rulesOf(cameraId), link: this.links.viewOf(cameraId), heard };
  }
}
