import { randomUUID } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';
import type { Clock, Logger } from '#libs/base';
import type { GuardedRequest } from '../access/signed-in.ts';

/** One finished request, for the log and the metrics. */
export interface FinishedRequest {
  readonly method: string;
  /** The pattern (`/api/cameras/:id`), or `unmatched`: a label of metrics must not grow with what strangers ask for. */
  readonly route: string;
  readonly status: number;
  readonly durationMs: number;
}

/**
 * Names every request and writes one line when it ends. The line has the path and never the query, the headers or the
 * body: those carry tickets, cookies and passwords.
 */
export function requestLog(clock: Clock, logger: Logger, onFinished: (finished: FinishedRequest) => void) {
  return (request: Request, response: Response, next: NextFunction): void => {
    const requestId = randomUUID();
    const { path } = request;
    const startedMs = clock.monotonicMs();
    response.setHeader('X-Request-Id', requestId);
    // `close` comes after a whole answer and after one that the client did not wait for.
    response.once('close', () => {
      const durationMs = Math.round((clock.monotonicMs() - startedMs) * 10) / 10;
      const { method } = request;
      const status = response.writableFinished ? response.statusCode : 499;
      onFinished({ method, route: routeOf(request), status, durationMs });
      const accountId = (request as GuardedRequest).signedIn?.accountId;
      const fields = { requestId, method, path: path.slice(0, 300), status, durationMs, ip: request.ip, accountId };
      if (status >= 500) logger.warn(fields, 'request');
      else logger.debug(fields, 'request');
    });
    next();
  };
}

function routeOf(request: Request): string {
  const route: unknown = (request.route as { path?: unknown } | undefined)?.path;
  return typeof route === 'string' ? route : 'unmatched';
}
