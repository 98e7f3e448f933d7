import { Catch, HttpException, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { QueryRunnerAlreadyReleasedError } from 'typeorm';
import { HTTP_STATUS, RefusalError, reasonOf, refusal, type Logger, type Refusal, type RefusalKind } from '#libs/base';
import type { ErrorBody } from '#libs/wire';
import { LOGGER } from '../logging.ts';
import { loggablePath } from './request-log.ts';

/** Turns everything thrown into `{code, message, details}`. A stack, a query or a path of ours never leaves. */
@Catch()
export class RefusalFilter implements ExceptionFilter {
  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    const request = host.switchToHttp().getRequest<Request>();
    const reason = refusalOf(thrown);
    if (reason.code === 'internal') this.logBug(thrown, request, response);
    // A body that is half sent cannot become another answer: cut it, so that nobody takes it for whole.
    if (response.headersSent) {
      request.socket.destroy();
      return;
    }
    const retryAfterS = reason.details?.['retryAfterS'];
    if (typeof retryAfterS === 'number') response.setHeader('Retry-After', String(retryAfterS));
    response.status(statusOf(reason)).json(bodyOf(reason));
  }

  private logBug(thrown: unknown, request: Request, response: Response): void {
    const stack = thrown instanceof Error ? thrown.stack?.slice(0, 4_000) : undefined;
    const requestId = response.getHeader('X-Request-Id');
    this.logger.error({ method: request.method, path: loggablePath(request.path), requestId, stack }, reasonOf(thrown));
  }
}

function bodyOf({ code, message, details }: Refusal): ErrorBody {
  return details === undefined ? { code, message } : { code, message, details: { ...details } };
}

function statusOf(reason: Refusal): number {
  return reason.code === 'internal' ? 500 : HTTP_STATUS[reason.kind];
}

/** What to tell a client about anything thrown. */
export function refusalOf(thrown: unknown): Refusal {
  if (thrown instanceof RefusalError) return thrown.refusal;
  if (thrown instanceof HttpException) return refusalOfStatus(thrown.getStatus());
  // body-parser and send throw plain errors with a status (http-errors).
  const status = field(thrown, 'status');
  if (typeof status === 'number' && status >= 400 && status < 500) return refusalOfStatus(status);
  if (isDatabaseLoss(thrown)) return refusal('unavailable', 'database-unavailable', 'the database does not answer');
  return refusal('unavailable', 'internal', 'something went wrong on our side');
}

const BY_STATUS: Readonly<Record<number, readonly [RefusalKind, string, string]>> = {
  401: ['not-signed-in', 'not-signed-in', 'sign in first'],
  403: ['forbidden', 'forbidden', 'this is not allowed'],
  404: ['not-found', 'not-found', 'there is nothing at this address'],
  409: ['conflict', 'conflict', 'this does not fit what is there'],
  413: ['too-large', 'body-too-large', 'the body is larger than this route takes'],
  429: ['too-many', 'too-many', 'too many requests'],
  503: ['unavailable', 'unavailable', 'not available now'],
};

function refusalOfStatus(status: number): Refusal {
  const known = BY_STATUS[status];
  if (known) return refusal(...known);
  if (status >= 500) return refusal('unavailable', 'internal', 'something went wrong on our side');
  return refusal('bad-input', 'bad-request', 'the request cannot be read');
}

/** PostgreSQL classes 08 (connection), 53 (resources) and 57P (shutdown), and what a socket says when nobody is there. */
function isDatabaseLoss(thrown: unknown): boolean {
  const code = field(thrown, 'code');
  if (typeof code === 'string' && /^(08|53|57P)|^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND)$/.test(code)) {
    return true;
  }
  // TypeORM takes a runner away when its connection dies, and says this to whoever was about to ask.
  if (thrown instanceof QueryRunnerAlreadyReleasedError) return true;
  const message = thrown instanceof Error ? thrown.message : '';
  return /connection terminated|timeout exceeded when trying to connect|client has encountered a connection error/i.test(
    message,
  );
}

function field(thrown: unknown, name: string): unknown {
  return typeof thrown === 'object' && thrown !== null ? (thrown as Record<string, unknown>)[name] : undefined;
}
