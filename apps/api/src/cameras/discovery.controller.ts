import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { discoveryRunView, startDiscoveryBody, type DiscoveryRunView, type StartDiscoveryBody } from '#libs/wire';
import { Limited } from '../access/rate.guard.ts';
import { Requires } from '../access/requires.ts';
import { SignedIn, type SignedInUser } from '../access/signed-in.ts';
import { Answers } from '../http/open-api.ts';
import { DiscoveryService } from './discovery.service.ts';

/** Searches for cameras. Progress comes by the realtime topic `discoveryRuns`, what was found by `candidates`. */
@ApiTags('cameras')
@Controller('api/discovery/runs')
@Requires('camera:manage')
export class DiscoveryController {
  constructor(private readonly discovery: DiscoveryService) {}

  @Get()
  @Answers(z.array(discoveryRunView))
  list(): DiscoveryRunView[] {
    return this.discovery.list();
  }

  @Post()
  @Limited('discovery', 30)
  @Answers(discoveryRunView, 201)
  start(
    @Body({ schema: startDiscoveryBody }) body: StartDiscoveryBody,
    @SignedIn() user: SignedInUser,
  ): Promise<DiscoveryRunView> {
    return this.discovery.start(body, user);
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @Answers(discoveryRunView)
  cancel(@Param('id', { schema: z.uuid() }) runId: string, @SignedIn() user: SignedInUser): Promise<DiscoveryRunView> {
    return this.discovery.cancel(runId, user);
  }
}
