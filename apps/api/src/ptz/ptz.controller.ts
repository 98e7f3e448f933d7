import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import {
  ptzOrder,
  ptzPreset,
  ptzPresetBody,
  ptzReserveBody,
  ptzView,
  type PtzOrder,
  type PtzPreset,
  type PtzPresetBody,
  type PtzReserveBody,
  type PtzView,
} from '#libs/wire';
import { Requires } from '../access/requires.ts';
import { SignedIn, type SignedInUser } from '../access/signed-in.ts';
import { Answers } from '../http/open-api.ts';
import { PtzService } from './ptz.service.ts';

const id = z.uuid();
const token = z.string().min(1).max(64);

/** Steering cameras, and the presets that they keep. */
@ApiTags('ptz')
@Controller('api')
export class PtzController {
  constructor(private readonly ptz: PtzService) {}

  @Get('ptz')
  @Requires('camera:view')
  @Answers(z.array(ptzView))
  list(): Promise<PtzView[]> {
    return this.ptz.list();
  }

  @Post('cameras/:id/ptz')
  @HttpCode(204)
  @Requires('ptz:move')
  order(
    @Param('id', { schema: id }) cameraId: string,
    @Body({ schema: ptzOrder }) order: PtzOrder,
    @SignedIn() user: SignedInUser,
  ): Promise<void> {
    return this.ptz.order(cameraId, order, user);
  }

  @Post('cameras/:id/ptz/reservation')
  @HttpCode(204)
  @Requires('ptz:move')
  reserve(
    @Param('id', { schema: id }) cameraId: string,
    @Body({ schema: ptzReserveBody }) body: PtzReserveBody,
    @SignedIn() user: SignedInUser,
  ): Promise<void> {
    return this.ptz.reserve(cameraId, body, user);
  }

  @Delete('cameras/:id/ptz/hold')
  @HttpCode(204)
  @Requires('ptz:move')
  letGo(@Param('id', { schema: id }) cameraId: string, @SignedIn() user: SignedInUser): Promise<void> {
    return this.ptz.letGo(cameraId, user);
  }

  @Get('cameras/:id/ptz/presets')
  @Requires('ptz:move')
  @Answers(z.array(ptzPreset))
  presets(@Param('id', { schema: id }) cameraId: string): Promise<PtzPreset[]> {
    return this.ptz.presets(cameraId);
  }

  @Post('cameras/:id/ptz/presets')
  @Requires('ptz:manage')
  @Answers(ptzPreset, 201)
  savePreset(
    @Param('id', { schema: id }) cameraId: string,
    @Body({ schema: ptzPresetBody }) body: PtzPresetBody,
    @SignedIn() user: SignedInUser,
  ): Promise<PtzPreset> {
    return this.ptz.savePreset(cameraId, body.name, user);
  }

  @Delete('cameras/:id/ptz/presets/:token')
  @HttpCode(204)
  @Requires('ptz:manage')
  removePreset(
    @Param('id', { schema: id }) cameraId: string,
    @Param('token', { schema: token }) preset: string,
    @SignedIn() user: SignedInUser,
  ): Promise<void> {
    return this.ptz.removePreset(cameraId, preset, user);
  }
}
