import { Body, Controller, Get, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { cameraNetworksBody, cameraNetworksView, type CameraNetworksBody, type CameraNetworksView } from '#libs/wire';
import { Requires } from '../access/requires.ts';
import { SignedIn, type SignedInUser } from '../access/signed-in.ts';
import { Answers } from '../http/open-api.ts';
import { CameraNetworksService } from './camera-networks.service.ts';

/** Where cameras may be. */
@ApiTags('settings')
@Controller('api/settings/camera-networks')
@Requires('setting:manage')
export class CameraNetworksController {
  constructor(private readonly networks: CameraNetworksService) {}

  @Get()
  @Answers(cameraNetworksView)
  show(): Promise<CameraNetworksView> {
    return this.networks.view();
  }

  @Put()
  @Answers(cameraNetworksView)
  change(
    @Body({ schema: cameraNetworksBody }) body: CameraNetworksBody,
    @SignedIn() user: SignedInUser,
  ): Promise<CameraNetworksView> {
    return this.networks.change(body, user);
  }
}
