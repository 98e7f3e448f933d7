import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import {
  changePlaceBody,
  createPlaceBody,
  removeBody,
  placeView,
  type ChangePlaceBody,
  type CreatePlaceBody,
  type PlaceView,
} from '#libs/wire';
import { Requires } from '../access/requires.ts';
import { SignedIn, type SignedInUser } from '../access/signed-in.ts';
import { Answers } from '../http/open-api.ts';
import { PlaceService } from './place.service.ts';

const id = z.uuid();

/** Places that callers name. */
@ApiTags('places')
@Controller('api/places')
export class PlaceController {
  constructor(private readonly places: PlaceService) {}

  @Get()
  @Requires('zone:view')
  @Answers(z.array(placeView))
  list(): Promise<PlaceView[]> {
    return this.places.list();
  }

  @Post()
  @Requires('zone:manage')
  @Answers(placeView, 201)
  create(@Body({ schema: createPlaceBody }) body: CreatePlaceBody, @SignedIn() user: SignedInUser): Promise<PlaceView> {
    return this.places.create(body, user);
  }

  @Patch(':id')
  @Requires('zone:manage')
  @Answers(placeView)
  change(
    @Param('id', { schema: id }) placeId: string,
    @Body({ schema: changePlaceBody }) body: ChangePlaceBody,
    @SignedIn() user: SignedInUser,
  ): Promise<PlaceView> {
    return this.places.change(placeId, body, user);
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('zone:manage')
  remove(
    @Param('id', { schema: id }) placeId: string,
    @Body({ schema: removeBody }) body: z.infer<typeof removeBody>,
    @SignedIn() user: SignedInUser,
  ): Promise<void> {
    return this.places.remove(placeId, body.reason, user);
  }
}
