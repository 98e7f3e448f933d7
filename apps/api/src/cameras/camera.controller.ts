import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import {
  cameraAudioBody,
  cameraDetail,
  cameraView,
  changeCameraBody,
  credentialBody,
  removeBody,
  type CameraAudioBody,
  type CameraDetail,
  type CameraView,
  type ChangeCameraBody,
  type CredentialBody,
} from '#libs/wire';
import { Requires } from '../access/requires.ts';
import { SignedIn, type SignedInUser } from '../access/signed-in.ts';
import { Answers } from '../http/open-api.ts';
import { CameraAudioService } from './camera-audio.service.ts';
import { CameraCredentialService } from './camera-credential.service.ts';
import { CameraRemovalService } from './camera-removal.service.ts';
import { CameraService } from './camera.service.ts';

const id = z.uuid();

/** Cameras of the centre. */
@ApiTags('cameras')
@Controller('api/cameras')
export class CameraController {
  constructor(
    private readonly cameras: CameraService,
    private readonly removal: CameraRemovalService,
    private readonly credentials: CameraCredentialService,
    private readonly audio: CameraAudioService,
  ) {}

  @Get()
  @Requires('camera:view')
  @Answers(z.array(cameraView))
  list(): Promise<CameraView[]> {
    return this.cameras.list();
  }

  @Get(':id')
  @Requires('camera:manage')
  @Answers(cameraDetail)
  detail(@Param('id', { schema: id }) cameraId: string): Promise<CameraDetail> {
    return this.cameras.detail(cameraId);
  }

  @Patch(':id')
  @Requires('camera:manage')
  @Answers(cameraDetail)
  change(
    @Param('id', { schema: id }) cameraId: string,
    @Body({ schema: changeCameraBody }) body: ChangeCameraBody,
    @SignedIn() user: SignedInUser,
  ): Promise<CameraDetail> {
    return this.cameras.change(cameraId, body, user);
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('camera:manage')
  remove(
    @Param('id', { schema: id }) cameraId: string,
    @Body({ schema: removeBody }) body: z.infer<typeof removeBody>,
    @SignedIn() user: SignedInUser,
  ): Promise<void> {
    return this.removal.remove(cameraId, body.reason, user);
  }

  @Post(':id/credential')
  @HttpCode(204)
  @Requires('camera:manage')
  changeCredential(
    @Param('id', { schema: id }) cameraId: string,
    @Body({ schema: credentialBody }) body: CredentialBody,
    @SignedIn() user: SignedInUser,
  ): Promise<void> {
    return this.credentials.change(cameraId, body, user);
  }

  /** Voice is personal data: enabled with a reason, by those who answer for it. */
  @Put(':id/audio')
  @Requires('camera:audio')
  @Answers(cameraDetail)
  setAudio(
    @Param('id', { schema: id }) cameraId: string,
    @Body({ schema: cameraAudioBody }) body: CameraAudioBody,
    @SignedIn() user: SignedInUser,
  ): Promise<CameraDetail> {
    return this.audio.set(cameraId, body, user);
  }
}
