import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { RefusalError, refusal } from '#libs/base';
import { isSafeMethod, isSameOrigin } from './same-origin.ts';

/** Refuses a change that another site's page asks for in the name of somebody signed in here (CSRF). */
@Injectable()
export class OriginGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    if (isSafeMethod(request.method) || isSameOrigin(request.headers, request.host)) return true;
    throw new RefusalError(refusal('forbidden', 'foreign-origin', 'changes are accepted from this site only'));
  }
}
