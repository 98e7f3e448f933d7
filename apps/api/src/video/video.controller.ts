import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { RefusalError, refusal } from '#libs/base';
import { ticketsBody, ticketsView, type TicketsBody, type TicketsView } from '#libs/wire';
import { Limited } from '../access/rate.guard.ts';
import { Requires } from '../access/requires.ts';
import { SignedIn, type SignedInUser } from '../access/signed-in.ts';
import { Answers } from '../http/open-api.ts';
import { isPlainHost } from './relay-url.ts';
import { VideoService } from './video.service.ts';

/** Leave to watch live video. The pictures come from the relay. */
@ApiTags('video')
@Controller('api/video')
export class VideoController {
  constructor(private readonly video: VideoService) {}

  @Post('tickets')
  @Limited('tickets', 300)
  @HttpCode(200)
  @Requires('camera:watch')
  @Answers(ticketsView)
  tickets(
    @Body({ schema: ticketsBody }) body: TicketsBody,
    @SignedIn() user: SignedInUser,
    @Req() request: Request,
  ): Promise<TicketsView> {
    const host = request.hostname;
    if (!isPlainHost(host))
      throw new RefusalError(refusal('bad-input', 'host-invalid', 'the Host field names no host'));
    return this.video.tickets(body, host, user);
  }
}
