export { FakeClock, sleep, systemClock, type Clock, type Timer } from './clock.ts';
export { ok, refused, type Result } from './result.ts';
export { HTTP_STATUS, RefusalError, reasonOf, refusal, type Refusal, type RefusalKind } from './refusal.ts';
export { isUuid, uuidV7 } from './ids.ts';
export { BoundedQueue } from './bounded-queue.ts';
export { Backoff, type BackoffRule } from './backoff.ts';
export { silentLogger, type LogFields, type Logger } from './logger.ts';
export { ErrorCounter } from './error-counter.ts';
export { RecentDurations, type DurationFigures } from './recent-durations.ts';
