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

/** Segments after `/api/positions/<protocol>`: the token of a device. Routes are matched without regard to case. */
const DEVICE_PATH = /^(\/api\/positions\/(?:osmand|owntracks))\/.*$/is;
/** What looks like a token of ours, wherever it stands: an address that was typed wrongly names a true token. */
const TOKEN_IN_PATH = /avl_[^/]*|[A-Za-z0-9_-]{40,}/gi;

/** A path as it may stand in a log: without tokens of devices, and bounded. */
export function loggablePath(path: string): string {
  return path.replace(DEVICE_PATH, '$1/***').replace(TOKEN_IN_PATH, '***').slice(0, 300);
}

/**
 * Names every request and writes one line when it ends. The line has the path without tokens, and never the query, the headers or the
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
      const fields = { requestId, method, path: loggablePath(path), status, durationMs, ip: request.ip, accountId };
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
