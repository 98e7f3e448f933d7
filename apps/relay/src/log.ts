import pino from 'pino';
import type { Logger } from '#libs/base';
import type { LogLevel } from './config.ts';

/** JSON lines on standard output. Fields are chosen by the caller; nothing here sees a request or a row. */
export function createLogger(relayId: string, level: LogLevel = 'info'): Logger {
  const log = pino({ level, base: { process: 'relay', relayId }, timestamp: pino.stdTimeFunctions.isoTime });
  return {
    debug: (fields, message) => log.debug(fields, message),
    info: (fields, message) => log.info(fields, message),
    warn: (fields, message) => log.warn(fields, message),
    error: (fields, message) => log.error(fields, message),
  };
}
