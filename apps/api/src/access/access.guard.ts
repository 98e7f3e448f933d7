import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Response } from 'express';
import { allows, type Permission } from '#libs/access';
import { RefusalError, refusal } from '#libs/base';
import { RefusalAuditService } from '../audit/refusal-audit.service.ts';
import { addressOf, isLoopback } from '../http/address.ts';
import { ROUTE_ACCESS, type RouteAccess } from './requires.ts';
import { SessionService } from './session.service.ts';
import { tokenOf } from './session-token.ts';
import type { GuardedRequest, SignedInUser } from './signed-in.ts';

/** Decides every HTTP request: cookie -> session -> role -> permission. A route that declares nothing is closed. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly sessions: SessionService,
    private readonly refusals: RefusalAuditService,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = this.reflector.getAllAndOverride<RouteAccess | undefined>(ROUTE_ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (!access) throw new Error(`${context.getClass().name}.${context.getHandler().name} declares no access`);
    // `FromDevice` brings its own guard with the mark: a device has no session.
    if (access.kind === 'public' || access.kind === 'device') return true;
    const request = context.switchToHttp().getRequest<GuardedRequest>();
    if (access.kind === 'local-or' && isLocalCall(request)) return true;
    // What one account may see must not be shown to the next from a cache on the way.
    context.switchToHttp().getResponse<Response>().setHeader('Cache-Control', 'no-store');
    const user = await this.identify(request);
    await this.demand(user, access.permission, request);
    return true;
  }

  private async identify(request: GuardedRequest): Promise<SignedInUser> {
    const token = tokenOf(request.headers.cookie);
    const user = token === undefined ? undefined : await this.sessions.find(token, addressOf(request));
    if (!user) throw new RefusalError(refusal('not-signed-in', 'not-signed-in', 'sign in first'));
    request.signedIn = user;
    return user;
  }

  private async demand(user: SignedInUser, permission: Permission, request: GuardedRequest): Promise<void> {
    if (allows(user.role, permission)) return;
    const route = `${request.method} ${request.path}`.slice(0, 200);
    const code = 'permission-missing';
    await this.refusals.record(
      { action: 'request:refuse', outcome: 'refused', code, details: { permission, route } },
      user,
    );
    throw new RefusalError(
      refusal('forbidden', code, `the role ${user.role} does not have ${permission}`, { permission }),
    );
  }
}

/** A caller on this machine that no proxy forwards for: a proxy on loopback would make the whole world local. */
function isLocalCall(request: GuardedRequest): boolean {
  const forwarded = request.headers['x-forwarded-for'] ?? request.headers['forwarded'];
  return forwarded === undefined && isLoopback(request.socket.remoteAddress);
}
