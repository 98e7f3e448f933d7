import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import type { z } from 'zod';
import {
  clientId,
  openReplayBody,
  replayOpeningView,
  replayOutlineView,
  replayPageQuery,
  replayPageView,
  replayTracksQuery,
  replayTracksView,
  type ReplayOpeningView,
  type ReplayOutlineView,
  type ReplayPageQuery,
  type ReplayPageView,
  type ReplayTracksQuery,
  type ReplayTracksView,
} from '#libs/wire';
import { Limited } from '../access/rate.guard.ts';
import { Requires } from '../access/requires.ts';
import { SignedIn, type SignedInUser } from '../access/signed-in.ts';
import { Answers } from '../http/open-api.ts';
import { LogFile } from './log-file.ts';
import { OpeningService } from './opening.service.ts';
import { ReplayService } from './replay.service.ts';

/** The board, the positions and the log as they were. */
@ApiTags('replay')
@Controller('api/replay')
@Requires('replay:view')
export class ReplayController {
  constructor(
    private readonly openings: OpeningService,
    private readonly replay: ReplayService,
    private readonly file: LogFile,
  ) {}

  @Post()
  @Limited('replay-open', 30)
  @Answers(replayOpeningView)
  open(
    @Body({ schema: openReplayBody }) body: z.output<typeof openReplayBody>,
    @SignedIn() user: SignedInUser,
  ): Promise<ReplayOpeningView> {
    return this.openings.open(body, user);
  }

  @Get(':id')
  @Limited('replay', 300)
  @Answers(replayOutlineView)
  async outline(
    @Param('id', { schema: clientId }) id: string,
    @SignedIn() user: SignedInUser,
  ): Promise<ReplayOutlineView> {
    return this.replay.outline(await this.openings.demand(id, user));
  }

  @Get(':id/page')
  @Limited('replay', 300)
  @Answers(replayPageView)
  async page(
    @Param('id', { schema: clientId }) id: string,
    @Query({ schema: replayPageQuery }) query: ReplayPageQuery,
    @SignedIn() user: SignedInUser,
  ): Promise<ReplayPageView> {
    return this.replay.page(await this.openings.demand(id, user), query, user);
  }

  @Get(':id/tracks')
  @Limited('replay', 300)
  @Answers(replayTracksView)
  async tracks(
    @Param('id', { schema: clientId }) id: string,
    @Query({ schema: replayTracksQuery }) { atMs }: ReplayTracksQuery,
    @SignedIn() user: SignedInUser,
  ): Promise<ReplayTracksView> {
    return this.replay.piece(await this.openings.demand(id, user), atMs);
  }

  /** The log of the whole time that was opened. */
  @Get(':id/log.csv')
  @Limited('replay-file', 12)
  async csv(
    @Param('id', { schema: clientId }) id: string,
    @SignedIn() user: SignedInUser,
    @Res() response: Response,
  ): Promise<void> {
    const opening = await this.openings.demand(id, user);
    const open = (): ((part: string) => void) => {
      response.attachment(`replay-${id}.csv`).type('text/csv; charset=utf-8');
      return (part) => void response.write(part);
    };
    await this.file.write(opening, user, open).catch((thrown: unknown) => {
      // Half a file must not look like a whole one; before its first byte the refusal is told as usual.
      if (!response.headersSent) throw thrown;
      response.destroy();
    });
    response.end();
  }
}
