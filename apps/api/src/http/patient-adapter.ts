import { createServer } from 'node:http';
import type { NestApplicationOptions } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';

/** Node looks each 30 s by default, so that a limit of 10 s would be one of up to 40 s. */
const LOOK_EVERY_MS = 1_000;

/** Express as Nest runs it, on a server that looks often enough whether a client keeps it waiting. */
export class PatientAdapter extends ExpressAdapter {
  override initHttpServer(options: NestApplicationOptions): void {
    this.httpServer = createServer({ connectionsCheckingInterval: LOOK_EVERY_MS }, this.getInstance());
    if (options.forceCloseConnections) this['trackOpenConnections']();
  }
}
