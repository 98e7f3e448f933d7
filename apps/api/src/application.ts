import 'reflect-metadata';
import type { Server } from 'node:http';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { demandDeclaredAccess, routeTable } from './access/route-table.ts';
import { AppModule } from './app.module.ts';
import { MetricsService } from './health/metrics.service.ts';
import { serveConsole } from './http/console-files.ts';
import { nestLog } from './http/nest-log.ts';
import { serveOpenApi } from './http/open-api.ts';
import { PatientAdapter } from './http/patient-adapter.ts';
import { requestLog } from './http/request-log.ts';
import { securityHeaders } from './http/security-headers.ts';
import { RealtimeAdapter } from './realtime/realtime.adapter.ts';
import type { Spine } from './spine.module.ts';
import { VERSION } from './version.ts';

/** A body larger than this is refused before it is parsed; the largest honest one is a zone of 500 points. */
const MAX_BODY_BYTES = 256 * 1024;

/** One position with every parameter that OsmAnd knows. */
const MAX_FORM_BYTES = 4 * 1024;

/** A client that dribbles its request, or opens connections without end, gets this much and no more. */
const MAX_HEADERS_MS = 10_000;
const MAX_REQUEST_MS = 30_000;
const MAX_CONNECTIONS = 4_000;

/** The whole api, ready to listen. Tests and `main.ts` build it the same way. */
export async function createApplication(spine: Spine): Promise<NestExpressApplication> {
  const { config, clock, logger } = spine;
  const app = await NestFactory.create<NestExpressApplication>(AppModule.for(spine), new PatientAdapter(), {
    logger: nestLog(logger),
    bodyParser: false,
    abortOnError: false,
    forceCloseConnections: true,
  });
  app.disable('x-powered-by');
  // The socket's own address unless proxies are configured: a stranger's X-Forwarded-For proves nothing.
  app.set('trust proxy', config.trustedProxies);
  app.set('query parser', 'simple');
  boundConnections(app.getHttpServer() as Server);
  const metrics = app.get(MetricsService);
  app.use(requestLog(clock, logger, (finished) => metrics.requestFinished(finished)));
  app.use(securityHeaders(config));
  app.useBodyParser('json', { limit: MAX_BODY_BYTES });
  // The form of a tracker, read by the one route that takes forms; every other refuses text by its schema.
  app.useBodyParser('text', { type: 'application/x-www-form-urlencoded', limit: MAX_FORM_BYTES });
  app.useWebSocketAdapter(new RealtimeAdapter(app, config));
  demandDeclaredAccess(routeTable(app));
  serveOpenApi(app, VERSION);
  const pages = serveConsole(app, config.consoleFolder);
  if (pages.length === 0) logger.warn({ folder: config.consoleFolder }, 'the console is not built: no pages');
  return app;
}

function boundConnections(server: Server): void {
  server.headersTimeout = MAX_HEADERS_MS;
  server.requestTimeout = MAX_REQUEST_MS;
  server.maxConnections = MAX_CONNECTIONS;
}
