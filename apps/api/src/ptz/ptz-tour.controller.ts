import { Body, Controller, Delete, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { ptzTourBody, ptzTourView, type PtzTourBody, type PtzTourView } from '#libs/wire';
import { Requires } from '../access/requires.ts';
import { SignedIn, type SignedInUser } from '../access/signed-in.ts';
import { Answers } from '../http/open-api.ts';
import { PtzTourService } from './ptz-tour.service.ts';

const id = z.uuid();

/** Rounds of presets that the api takes cameras through. */
@ApiTags('ptz')
@Controller('api')
export class PtzTourController {
  constructor(private readonly tours: PtzTourService) {}

  @Post('cameras/:id/ptz/tours')
  @Requires('ptz:manage')
  @Answers(ptzTourView, 201)
  create(
    @Param('id', { schema: id }) cameraId: string,
    @Body({ schema: ptzTourBody }) body: PtzTourBody,
    @SignedIn() user: SignedInUser,
  ): Promise<PtzTourView> {
    return this.tours.create(cameraId, body, user);
  }

  @Patch('ptz/tours/:id')
  @Requires('ptz:manage')
  @Answers(ptzTourView)
  change(
    @Param('id', { schema: id }) tourId: string,
    @Body({ schema: ptzTourBody }) body: PtzTourBody,
    @SignedIn() user: SignedInUser,
  ): Promise<PtzTourView> {
    return this.tours.change(tourId, body, user);
  }

  @Delete('ptz/tours/:id')
  @HttpCode(204)
  @Requires('ptz:manage')
  remove(@Param('id', { schema: id }) tourId: string, @SignedIn() user: SignedInUser): Promise<void> {
    return this.tours.remove(tourId, user);
  }

  @Post('ptz/tours/:id/start')
  @HttpCode(204)
  @Requires('ptz:move')
  start(@Param('id', { schema: id }) tourId: string, @SignedIn() user: SignedInUser): Promise<void> {
    return this.tours.start(tourId, user);
  }

  @Post('ptz/tours/:id/stop')
  @HttpCode(204)
  @Requires('ptz:move')
  stop(@Param('id', { schema: id }) tourId: string, @SignedIn() user: SignedInUser): Promise<void> {
    return this.tours.stop(tourId, user);
  }
}
