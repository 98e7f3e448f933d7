import { spawn } from 'node:child_process';
import type { ChildLog } from './child-log.ts';

export interface ToolRun {
  readonly script: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly log: ChildLog;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Runs one of the project's own programs to its end (a migration). Throws with its last words when it fails. */
export function runTool({ script, args, env, cwd, log, timeoutMs, signal }: ToolRun): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--enable-source-maps', script, ...args], {
      env,
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    for (const stream of [child.stdout, child.stderr]) {
      const reader = log.reader();
      stream.on('data', (chunk: Buffer) => reader.push(chunk));
      stream.on('end', () => reader.end());
    }
    child.once('error', reject);
    child.once('close', (code, ended) => {
      if (code === 0) resolve();
      else reject(new Error(`${args.join(' ')}: ${ended ?? `código ${code}`}\n${log.lastLines.slice(-4).join('\n')}`));
    });
  });
}
