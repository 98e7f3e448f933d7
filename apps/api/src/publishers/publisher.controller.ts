import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { z } from 'zod';
import { RefusalError, refusal } from '#libs/base';
import {
  changePublisherBody,
  createPublisherBody,
  publisherView,
  publisherWithKey,
  type ChangePublisherBody,
  type CreatePublisherBody,
  type PublisherView,
  type PublisherWithKey,
} from '#libs/wire';
import { Limited } from '../access/rate.guard.ts';
import { Requires } from '../access/requires.ts';
import { SignedIn, type SignedInUser } from '../access/signed-in.ts';
import { Answers } from '../http/open-api.ts';
import { isPlainHost } from '../video/relay-url.ts';
import { PublisherService } from './publisher.service.ts';

const id = z.uuid();

/** Cameras that send by themselves (body cameras, phones, drones): `id` is the camera's. */
@ApiTags('publishers')
@Controller('api/publishers')
export class PublisherController {
  constructor(private readonly publishers: PublisherService) {}

  @Get()
  @Requires('camera:manage')
  @Answers(z.array(publisherView))
  list(@Req() request: Request): Promise<PublisherView[]> {
    return this.publishers.list(hostOf(request));
  }

  @Post()
  @Limited('publisher-keys', 30)
  @Requires('camera:manage')
  @Answers(publisherWithKey, 201)
  create(
    @Body({ schema: createPublisherBody }) body: CreatePublisherBody,
    @SignedIn() user: SignedInUser,
    @Req() request: Request,
  ): Promise<PublisherWithKey> {
    return this.publishers.create(body, hostOf(request), user);
  }

  @Patch(':id')
  @Requires('camera:manage')
  @Answers(publisherView)
  change(
    @Param('id', { schema: id }) cameraId: string,
    @Body({ schema: changePublisherBody }) body: ChangePublisherBody,
    @SignedIn() user: SignedInUser,
    @Req() request: Request,
  ): Promise<PublisherView> {
    return this.publishers.change(cameraId, body, hostOf(request), user);
  }

  @Post(':id/key')
  @Limited('publisher-keys', 30)
  @Requires('camera:manage')
  @Answers(publisherWithKey, 201)
  giveKey(
    @Param('id', { schema: id }) cameraId: string,
    @SignedIn() user: SignedInUser,
    @Req() request: Request,
  ): Promise<PublisherWithKey> {
    return this.publishers.giveKey(cameraId, hostOf(request), user);
  }

  @Delete(':id/key')
  @HttpCode(204)
  @Requires('camera:manage')
  revokeKey(@Param('id', { schema: id }) cameraId: string, @SignedIn() user: SignedInUser): Promise<void> {
    return this.publishers.revokeKey(cameraId, user);
  }
}

/** @throws {RefusalError} `host-invalid`. */
function hostOf(request: Request): string {
  const host = request.hostname;
  if (!isPlainHost(host)) throw new RefusalError(refusal('bad-input', 'host-invalid', 'the Host field names no host'));
  return host;
}
