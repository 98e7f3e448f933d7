import type { LoggerService } from '@nestjs/common';
import { reasonOf, type Logger } from '#libs/base';

/** What Nest itself says, in our one form. Its chatter about routes at start is for debugging. */
export function nestLog(logger: Logger): LoggerService {
  const say =
    (level: keyof Logger) =>
    (message: unknown, ...rest: unknown[]): void =>
      logger[level]({ from: 'nest', context: rest.at(-1) }, reasonOf(message, 2_000));
  return {
    log: say('debug'),
    debug: say('debug'),
    verbose: say('debug'),
    warn: say('warn'),
    error: say('error'),
    fatal: say('error'),
  };
}
