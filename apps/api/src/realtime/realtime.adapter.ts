import type { IncomingMessage } from 'node:http';
import type { INestApplicationContext } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import type { ApiConfig } from '../config.ts';
import { isSameOrigin } from '../http/same-origin.ts';

/** A page sends the name of a topic and little else. */
const MAX_MESSAGE_BYTES = 8 * 1024;

/** The package brings its own copy of socket.io; these are that copy's types. */
type ServerOptions = NonNullable<Parameters<IoAdapter['createIOServer']>[1]>;
type Server = ReturnType<IoAdapter['createIOServer']>;

/** socket.io with our bounds, on the port and the origin of the pages. */
export class RealtimeAdapter extends IoAdapter {
  constructor(
    app: INestApplicationContext,
    private readonly config: ApiConfig,
  ) {
    super(app);
  }

  override createIOServer(port: number, options?: ServerOptions): Server {
    return super.createIOServer(port, {
      ...options,
      serveClient: false,
      maxHttpBufferSize: MAX_MESSAGE_BYTES,
      perMessageDeflate: false,
      // A page learns within 15 s that the line is dead, even when nothing is published.
      pingInterval: 8_000,
      pingTimeout: 7_000,
      connectTimeout: 10_000,
      allowRequest: (request: IncomingMessage, decide: (error: null, allowed: boolean) => void) =>
        decide(null, isSameOrigin(request.headers, this.hostOf(request))),
    } as ServerOptions);
  }

  private hostOf(request: IncomingMessage): string | undefined {
    const forwarded = request.headers['x-forwarded-host'];
    return this.config.trustedProxies > 0 && typeof forwarded === 'string' ? forwarded : request.headers.host;
  }
}
