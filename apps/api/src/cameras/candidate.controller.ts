import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import {
  adoptBody,
  cameraDetail,
  candidateProbe,
  candidateView,
  credentialBody,
  type AdoptBody,
  type CameraDetail,
  type CandidateProbe,
  type CandidateView,
  type CredentialBody,
} from '#libs/wire';
import { Limited } from '../access/rate.guard.ts';
import { Requires } from '../access/requires.ts';
import { SignedIn, type SignedInUser } from '../access/signed-in.ts';
import { Answers } from '../http/open-api.ts';
import { AdoptionService } from './adoption.service.ts';
import { CandidateService } from './candidate.service.ts';

const id = z.uuid();

/** Devices that were found, on their way to being cameras. */
@ApiTags('cameras')
@Controller('api/candidates')
@Requires('camera:manage')
export class CandidateController {
  constructor(
    private readonly candidates: CandidateService,
    private readonly adoption: AdoptionService,
  ) {}

  @Get()
  @Answers(z.array(candidateView))
  list(): Promise<CandidateView[]> {
    return this.candidates.list();
  }

  /** What a login reaches. Nothing is stored. */
  @Post(':id/test')
  @Limited('candidate-test', 60)
  @HttpCode(200)
  @Answers(candidateProbe)
  test(
    @Param('id', { schema: id }) candidateId: string,
    @Body({ schema: credentialBody }) body: CredentialBody,
    @SignedIn() user: SignedInUser,
  ): Promise<CandidateProbe> {
    return this.adoption.test(candidateId, body, user);
  }

  @Post(':id/adopt')
  @Answers(cameraDetail, 201)
  adopt(
    @Param('id', { schema: id }) candidateId: string,
    @Body({ schema: adoptBody }) body: AdoptBody,
    @SignedIn() user: SignedInUser,
  ): Promise<CameraDetail> {
    return this.adoption.adopt(candidateId, body, user);
  }

  @Delete(':id')
  @HttpCode(204)
  forget(@Param('id', { schema: id }) candidateId: string, @SignedIn() user: SignedInUser): Promise<void> {
    return this.candidates.forget(candidateId, user);
  }
}
