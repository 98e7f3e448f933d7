import { systemClock } from '#libs/base';

/** Asks until the answer is yes. The bound is for a test that fails; one that passes never waits for it. */
export async function eventually(question: () => boolean | Promise<boolean>, withinMs = 10_000): Promise<void> {
  const untilMs = systemClock.monotonicMs() + withinMs;
  while (!(await question())) {
    if (systemClock.monotonicMs() > untilMs) throw new Error(`not within ${withinMs} ms: ${question.toString()}`);
    await new Promise<void>((resolve) => systemClock.after(20, resolve));
  }
}
