import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  amendCommandBody,
  clientId,
  commandAnswer,
  dispatchCommandBody,
  incidentDetail,
  intakeCommandBody,
  openIncidentBody,
  unmaskBody,
  type AmendCommandBody,
  type CommandAnswer,
  type DispatchCommandBody,
  type IncidentDetail,
  type IntakeCommandBody,
  type OpenIncidentBody,
  type UnmaskBody,
} from '#libs/wire';
import { Requires } from '../access/requires.ts';
import { SignedIn, type SignedInUser } from '../access/signed-in.ts';
import { DispatchService } from '../dispatch/dispatch.service.ts';
import { Answers } from '../http/open-api.ts';
import { AlarmIntake } from './alarm-intake.service.ts';
import { UnmaskService } from './unmask.service.ts';

/** What is done to incidents. The routes are cut by permission; a body and the id of its route are one command. */
@ApiTags('incidents')
@Controller('api/incidents')
export class IncidentCommandController {
  constructor(
    private readonly dispatch: DispatchService,
    private readonly unmasking: UnmaskService,
    private readonly alarms: AlarmIntake,
  ) {}

  @Post()
  @Requires('incident:take')
  @Answers(commandAnswer, 201)
  open(
    @Body({ schema: openIncidentBody }) body: OpenIncidentBody,
    @SignedIn() user: SignedInUser,
  ): Promise<CommandAnswer> {
    const { alarmId, ...rest } = body;
    if (alarmId !== undefined) return this.alarms.open({ ...rest, alarmId }, user);
    const { commandId, sentAtMs, ...wish } = rest;
    return this.dispatch.run({ kind: 'openIncident', ...wish }, { commandId, sentAtMs }, user);
  }

  @Post(':id/intake')
  @HttpCode(200)
  @Requires('incident:take')
  @Answers(commandAnswer)
  intake(
    @Param('id', { schema: clientId }) incidentId: string,
    @Body({ schema: intakeCommandBody }) body: IntakeCommandBody,
    @SignedIn() user: SignedInUser,
  ): Promise<CommandAnswer> {
    if (body.kind === 'linkAlarm') return this.alarms.link(incidentId, body, user);
    const { commandId, sentAtMs, ...wish } = body;
    return this.dispatch.run({ ...wish, incidentId }, { commandId, sentAtMs }, user);
  }

  @Post(':id/dispatch')
  @HttpCode(200)
  @Requires('incident:dispatch')
  @Answers(commandAnswer)
  act(
    @Param('id', { schema: clientId }) incidentId: string,
    @Body({ schema: dispatchCommandBody }) body: DispatchCommandBody,
    @SignedIn() user: SignedInUser,
  ): Promise<CommandAnswer> {
    const { commandId, sentAtMs, ...wish } = body;
    return this.dispatch.run({ ...wish, incidentId }, { commandId, sentAtMs }, user);
  }

  @Post(':id/amend')
  @HttpCode(200)
  @Requires('incident:amend')
  @Answers(commandAnswer)
  amend(
    @Param('id', { schema: clientId }) incidentId: string,
    @Body({ schema: amendCommandBody }) body: AmendCommandBody,
    @SignedIn() user: SignedInUser,
  ): Promise<CommandAnswer> {
    const { commandId, sentAtMs, ...wish } = body;
    return this.dispatch.run({ ...wish, incidentId }, { commandId, sentAtMs }, user);
  }

  /** Shows one person what a mask hides, for a reason and for so long. */
  @Post(':id/unmask')
  @HttpCode(200)
  @Requires('incident:unmask')
  @Answers(incidentDetail)
  unmask(
    @Param('id', { schema: clientId }) incidentId: string,
    @Body({ schema: unmaskBody }) body: UnmaskBody,
    @SignedIn() user: SignedInUser,
  ): Promise<IncidentDetail> {
    return this.unmasking.unmask(incidentId, body, user);
  }
}
