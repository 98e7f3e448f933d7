import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import type { Role } from '#libs/access';
import { RefusalError, refusal } from '#libs/base';

/** Who makes this request. The guard puts it on the request after it has checked the session. */
export interface SignedInUser {
  readonly sessionId: string;
  readonly accountId: string;
  readonly username: string;
  readonly displayName: string;
  readonly role: Role;
  /** Address of this request. */
  readonly ip: string;
  /** When the session ends at the latest. */
  readonly expiresAtMs: number;
}

/** A request once the guard has seen it. */
export type GuardedRequest = Request & { signedIn?: SignedInUser };

/** Parameter decorator: the {@link SignedInUser} of the request. Only on routes with `@Requires`. */
export const SignedIn = createParamDecorator((_data: unknown, context: ExecutionContext): SignedInUser => {
  const user = context.switchToHttp().getRequest<GuardedRequest>().signedIn;
  if (!user) throw new RefusalError(refusal('not-signed-in', 'not-signed-in', 'sign in first'));
  return user;
});
