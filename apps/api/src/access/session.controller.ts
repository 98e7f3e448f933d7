import { Body, Controller, Delete, Get, Headers, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { permissionsOf } from '#libs/access';
import {
  changeOwnPasswordBody,
  sessionView,
  signInBody,
  type ChangeOwnPasswordBody,
  type SessionView,
  type SignInBody,
} from '#libs/wire';
import { addressOf } from '../http/address.ts';
import { Answers } from '../http/open-api.ts';
import { AccountService } from './account.service.ts';
import { Public, Requires } from './requires.ts';
import { SessionService } from './session.service.ts';
import { forgottenCookie, sessionCookie } from './session-token.ts';
import { SignInService } from './sign-in.service.ts';
import { SignedIn, type SignedInUser } from './signed-in.ts';

/** The caller's own login. */
@ApiTags('access')
@Controller('api/session')
export class SessionController {
  constructor(
    private readonly signIns: SignInService,
    private readonly sessions: SessionService,
    private readonly accounts: AccountService,
  ) {}

  @Post()
  @Public()
  @HttpCode(200)
  @Answers(sessionView)
  async signIn(
    @Body({ schema: signInBody }) body: SignInBody,
    @Req() request: Request,
    @Headers('user-agent') userAgent: string | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SessionView> {
    const started = await this.signIns.signIn(body, { ip: addressOf(request), userAgent: userAgent ?? '' });
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('Set-Cookie', sessionCookie(started.token, this.sessions.maxMs, request.secure));
    return viewOf(started.user);
  }

  @Get()
  @Requires('session:own')
  @Answers(sessionView)
  show(@SignedIn() user: SignedInUser): SessionView {
    return viewOf(user);
  }

  @Delete()
  @Requires('session:own')
  @HttpCode(204)
  async signOut(
    @SignedIn() user: SignedInUser,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    await this.signIns.signOut(user);
    response.setHeader('Set-Cookie', forgottenCookie(request.secure));
  }

  @Post('password')
  @Requires('session:own')
  @HttpCode(204)
  async changePassword(
    @Body({ schema: changeOwnPasswordBody }) body: ChangeOwnPasswordBody,
    @SignedIn() user: SignedInUser,
  ): Promise<void> {
    await this.accounts.changeOwnPassword(body, user);
  }
}

function viewOf(user: SignedInUser): SessionView {
  const { accountId, username, displayName, role, expiresAtMs } = user;
  return { accountId, username, displayName, role, permissions: [...permissionsOf(role)], expiresAtMs };
}
