import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** The next word of a process; its end is a failure. */
export async function nextMessage(child: ChildProcess): Promise<unknown> {
  const over = new AbortController();
  try {
    const ended = once(child, 'exit', { signal: over.signal }).then(() => Promise.reject(new Error('a process ended')));
    ended.catch(() => undefined);
    const [message] = (await Promise.race([once(child, 'message', { signal: over.signal }), ended])) as unknown[];
    return message;
  } finally {
    over.abort();
  }
}
