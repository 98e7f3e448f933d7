import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import {
  changeSectorBody,
  createSectorBody,
  removeBody,
  sectorView,
  type ChangeSectorBody,
  type CreateSectorBody,
  type SectorView,
} from '#libs/wire';
import { Requires } from '../access/requires.ts';
import { SignedIn, type SignedInUser } from '../access/signed-in.ts';
import { Answers } from '../http/open-api.ts';
import { SectorService } from './sector.service.ts';

const id = z.uuid();

/** Patrol divisions and off-limits areas. */
@ApiTags('sectors')
@Controller('api/sectors')
export class SectorController {
  constructor(private readonly sectors: SectorService) {}

  @Get()
  @Requires('zone:view')
  @Answers(z.array(sectorView))
  list(): Promise<SectorView[]> {
    return this.sectors.list();
  }

  @Post()
  @Requires('zone:manage')
  @Answers(sectorView, 201)
  create(
    @Body({ schema: createSectorBody }) body: CreateSectorBody,
    @SignedIn() user: SignedInUser,
  ): Promise<SectorView> {
    return this.sectors.create(body, user);
  }

  @Patch(':id')
  @Requires('zone:manage')
  @Answers(sectorView)
  change(
    @Param('id', { schema: id }) sectorId: string,
    @Body({ schema: changeSectorBody }) body: ChangeSectorBody,
    @SignedIn() user: SignedInUser,
  ): Promise<SectorView> {
    return this.sectors.change(sectorId, body, user);
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('zone:manage')
  remove(
    @Param('id', { schema: id }) sectorId: string,
    @Body({ schema: removeBody }) body: z.infer<typeof removeBody>,
    @SignedIn() user: SignedInUser,
  ): Promise<void> {
    return this.sectors.remove(sectorId, body.reason, user);
  }
}
