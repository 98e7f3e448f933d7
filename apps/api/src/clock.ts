/** Injection token of the {@link Clock} that this process runs by: the system's in production, a fake one in tests. */
export const CLOCK = Symbol('CLOCK');

export type { Clock } from '#libs/base';
