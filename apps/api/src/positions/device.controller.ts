import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import {
  createPositionDeviceBody,
  createdPositionDeviceView,
  positionDeviceView,
  removeBody,
  type CreatePositionDeviceBody,
  type CreatedPositionDeviceView,
  type PositionDeviceView,
} from '#libs/wire';
import { Requires } from '../access/requires.ts';
import { SignedIn, type SignedInUser } from '../access/signed-in.ts';
import { Answers } from '../http/open-api.ts';
import { DeviceService } from './device.service.ts';

const id = z.uuid();

/** Phones and trackers that may report for a unit. */
@ApiTags('positions')
@Controller('api/units/:id/devices')
@Requires('unit:manage')
export class DeviceController {
  constructor(private readonly devices: DeviceService) {}

  @Get()
  @Answers(z.array(positionDeviceView))
  list(@Param('id', { schema: id }) unitId: string): Promise<PositionDeviceView[]> {
    return this.devices.list(unitId);
  }

  @Post()
  @Answers(createdPositionDeviceView, 201)
  create(
    @Param('id', { schema: id }) unitId: string,
    @Body({ schema: createPositionDeviceBody }) body: CreatePositionDeviceBody,
    @SignedIn() user: SignedInUser,
  ): Promise<CreatedPositionDeviceView> {
    return this.devices.create(unitId, body, user);
  }

  @Post(':deviceId/token')
  @Answers(createdPositionDeviceView, 201)
  rotate(
    @Param('id', { schema: id }) unitId: string,
    @Param('deviceId', { schema: id }) deviceId: string,
    @SignedIn() user: SignedInUser,
  ): Promise<CreatedPositionDeviceView> {
    return this.devices.rotate(unitId, deviceId, user);
  }

  @Delete(':deviceId')
  @HttpCode(204)
  revoke(
    @Param('id', { schema: id }) unitId: string,
    @Param('deviceId', { schema: id }) deviceId: string,
    @Body({ schema: removeBody }) body: z.infer<typeof removeBody>,
    @SignedIn() user: SignedInUser,
  ): Promise<void> {
    return this.devices.revoke(unitId, deviceId, body.reason, user);
  }
}
