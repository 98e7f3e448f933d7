import { Body, Controller, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { RefusalError } from '#libs/base';
import { dispatchRefusal } from '#libs/dispatch';
import {
  changeUnitBody,
  clientId,
  commandAnswer,
  registerUnitBody,
  retireUnitBody,
  unitDutyBody,
  unitReportBody,
  unitView,
  type ChangeUnitBody,
  type CommandAnswer,
  type RegisterUnitBody,
  type RetireUnitBody,
  type UnitDutyBody,
  type UnitReportBody,
  type UnitView,
} from '#libs/wire';
import { Requires } from '../access/requires.ts';
import { SignedIn, type SignedInUser } from '../access/signed-in.ts';
import { DispatchService } from '../dispatch/dispatch.service.ts';
import { UnitSight } from '../dispatch/unit-sight.ts';
import { Answers } from '../http/open-api.ts';
import { UnitPublisher } from './unit-publisher.ts';
import { UnitStore } from './unit.store.ts';

/** Crews and their vehicles: what they are, what they do, what they say of themselves. */
@ApiTags('units')
@Controller('api/units')
export class UnitController {
  constructor(
    private readonly dispatch: DispatchService,
    private readonly store: UnitStore,
    private readonly views: UnitPublisher,
    private readonly sight: UnitSight,
  ) {}

  @Get()
  @Requires('unit:view')
  @Answers(z.array(unitView))
  async list(@SignedIn() user: SignedInUser): Promise<UnitView[]> {
    const units = await this.views.viewsOf(await this.store.active());
    return units.map((unit) => this.sight.unitFor(user, unit));
  }

  @Get(':id')
  @Requires('unit:view')
  @Answers(unitView)
  async show(@Param('id', { schema: clientId }) unitId: string, @SignedIn() user: SignedInUser): Promise<UnitView> {
    const unit = await this.store.byId(unitId);
    if (!unit) throw new RefusalError(dispatchRefusal('unit-unknown', 'no such unit', { unitId }));
    return this.sight.unitFor(user, (await this.views.viewsOf([unit]))[0]!);
  }

  @Post()
  @Requires('unit:manage')
  @Answers(commandAnswer, 201)
  register(@Body({ schema: registerUnitBody }) body: RegisterUnitBody, @SignedIn() user: SignedInUser) {
    const { unitId, profile, ...envelope } = body;
    return this.dispatch.run({ kind: 'registerUnit', unitId, profile }, envelope, user);
  }

  @Put(':id')
  @Requires('unit:manage')
  @Answers(commandAnswer)
  change(
    @Param('id', { schema: clientId }) unitId: string,
    @Body({ schema: changeUnitBody }) body: ChangeUnitBody,
    @SignedIn() user: SignedInUser,
  ): Promise<CommandAnswer> {
    const { profile, ...envelope } = body;
    return this.dispatch.run({ kind: 'changeUnit', unitId, profile }, envelope, user);
  }

  @Post(':id/retire')
  @HttpCode(200)
  @Requires('unit:manage')
  @Answers(commandAnswer)
  retire(
    @Param('id', { schema: clientId }) unitId: string,
    @Body({ schema: retireUnitBody }) body: RetireUnitBody,
    @SignedIn() user: SignedInUser,
  ): Promise<CommandAnswer> {
    const { reason, ...envelope } = body;
    return this.dispatch.run({ kind: 'retireUnit', unitId, reason }, envelope, user);
  }

  /** What the dispatcher does for a unit by radio. */
  @Post(':id/duty')
  @HttpCode(200)
  @Requires('incident:dispatch')
  @Answers(commandAnswer)
  duty(
    @Param('id', { schema: clientId }) unitId: string,
    @Body({ schema: unitDutyBody }) body: UnitDutyBody,
    @SignedIn() user: SignedInUser,
  ): Promise<CommandAnswer> {
    const { commandId, sentAtMs, ...wish } = body;
    return this.dispatch.run({ ...wish, unitId }, { commandId, sentAtMs }, user);
  }

  /** What a crew says of its own unit. */
  @Post('own/report')
  @HttpCode(200)
  @Requires('unit:report')
  @Answers(commandAnswer)
  report(
    @Body({ schema: unitReportBody }) body: UnitReportBody,
    @SignedIn() user: SignedInUser,
  ): Promise<CommandAnswer> {
    const { commandId, sentAtMs, ...report } = body;
    return this.dispatch.runForOwnUnit(report, { commandId, sentAtMs }, user);
  }
}
