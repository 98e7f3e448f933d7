import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import {
  changeZoneBody,
  createZoneBody,
  removeBody,
  zoneCoverageView,
  zoneView,
  type ChangeZoneBody,
  type CreateZoneBody,
  type ZoneCoverageView,
  type ZoneView,
} from '#libs/wire';
import { Requires } from '../access/requires.ts';
import { SignedIn, type SignedInUser } from '../access/signed-in.ts';
import { Answers } from '../http/open-api.ts';
import { CoverageService } from './coverage.service.ts';
import { ZoneService } from './zone.service.ts';

const id = z.uuid();

/** Areas with a risk level, and how much of them is seen. */
@ApiTags('zones')
@Controller('api/zones')
export class ZoneController {
  constructor(
    private readonly zones: ZoneService,
    private readonly coverage: CoverageService,
  ) {}

  @Get()
  @Requires('zone:view')
  @Answers(z.array(zoneView))
  list(): Promise<ZoneView[]> {
    return this.zones.list();
  }

  @Get('coverage')
  @Requires('zone:view')
  @Answers(z.array(zoneCoverageView))
  showCoverage(): Promise<ZoneCoverageView[]> {
    return this.coverage.all();
  }

  @Post()
  @Requires('zone:manage')
  @Answers(zoneView, 201)
  create(@Body({ schema: createZoneBody }) body: CreateZoneBody, @SignedIn() user: SignedInUser): Promise<ZoneView> {
    return this.zones.create(body, user);
  }

  @Patch(':id')
  @Requires('zone:manage')
  @Answers(zoneView)
  change(
    @Param('id', { schema: id }) zoneId: string,
    @Body({ schema: changeZoneBody }) body: ChangeZoneBody,
    @SignedIn() user: SignedInUser,
  ): Promise<ZoneView> {
    return this.zones.change(zoneId, body, user);
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('zone:manage')
  remove(
    @Param('id', { schema: id }) zoneId: string,
    @Body({ schema: removeBody }) body: z.infer<typeof removeBody>,
    @SignedIn() user: SignedInUser,
  ): Promise<void> {
    return this.zones.remove(zoneId, body.reason, user);
  }
}
