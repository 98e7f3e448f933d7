import { pino, type DestinationStream } from 'pino';
import type { Logger } from '#libs/base';

/** Injection token of the process {@link Logger}. */
export const LOGGER = Symbol('LOGGER');

/** Fields that are cut out wherever somebody logs them by mistake. Secrets should not come this far at all. */
const SECRET_FIELDS = ['password', 'token', 'ticket', 'cookie', 'authorization', 'databaseUrl', 'masterKey'];

/** One JSON line per event on standard output (or `destination` in a test). */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const paths = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`]);
  const options = { level, base: { app: 'api' }, redact: { paths, censor: '[secret]' } };
  return destination === undefined ? pino(options) : pino(options, destination);
}
