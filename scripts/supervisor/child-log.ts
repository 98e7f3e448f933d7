import { ErrorCounter, type Clock } from '#libs/base';
import type { RotatingLog } from './rotating-log.ts';

/** A line that is longer is cut: no child can make the supervisor hold more than this per stream. */
const MAX_LINE_CHARS = 64 * 1024;
/** Lines kept for the report of a crash. */
const KEPT_LINES = 12;
const MAX_SHOWN_CHARS = 240;
/** pino's numbers: 50 error, 60 fatal. */
const PINO_ERROR = 50;

export interface LineReader {
  push(chunk: Buffer): void;
  end(): void;
}

/**
 * Where one child's output goes: whole into its log file, the last lines kept for a crash report, and errors shortly to
 * the terminal, at most one line a second.
 */
export class ChildLog {
  private readonly kept: string[] = [];
  private readonly errors: ErrorCounter;

  constructor(
    private readonly file: RotatingLog,
    clock: Clock,
    show: (text: string) => void,
  ) {
    this.errors = new ErrorCounter(clock, (count, last) => show(count === 1 ? last : `${last} (${count} veces)`));
  }

  get lastLines(): readonly string[] {
    return this.kept;
  }

  /** One per stream of each run: half a line of a dead process never joins the next one's. */
  reader(): LineReader {
    let rest = '';
    const decoder = new TextDecoder('utf-8');
    const take = (text: string): void => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > MAX_LINE_CHARS) lines.push(rest.slice(0, MAX_LINE_CHARS));
      if (rest.length > MAX_LINE_CHARS) rest = '';
      for (const line of lines) this.line(line.slice(0, MAX_LINE_CHARS));
    };
    return {
      push: (chunk) => take(decoder.decode(chunk, { stream: true })),
      end: () => {
        if (rest !== '') take('\n');
      },
    };
  }

  /** A line of the supervisor's own, so that the file tells of starts and ends too. */
  note(text: string): void {
    this.file.write(`--- ${text}\n`);
  }

  close(): void {
    this.errors.flush();
    this.file.close();
  }

  private line(line: string): void {
    this.file.write(`${line}\n`);
    this.kept.push(line.slice(0, MAX_SHOWN_CHARS));
    if (this.kept.length > KEPT_LINES) this.kept.shift();
    const problem = problemIn(line);
    if (problem !== undefined) this.errors.add(problem.slice(0, MAX_SHOWN_CHARS));
  }
}

/** What PostgreSQL calls fatal for one connection while it starts, recovers or stops: the restart itself is told. */
const PASSING = /starting up|not yet accepting|shutting down|recovery mode|terminating connection/;

/** What a person at the terminal should see of a log line: errors of pino's JSON, and what PostgreSQL dies of. */
export function problemIn(line: string): string | undefined {
  if (line.startsWith('{')) return pinoProblem(line);
  const fatal = /\b(FATAL|PANIC):\s+(.*)/.exec(line)?.[0];
  return fatal === undefined || PASSING.test(fatal) ? undefined : fatal;
}

function pinoProblem(line: string): string | undefined {
  try {
    const entry = JSON.parse(line) as { level?: unknown; msg?: unknown; reason?: unknown };
    if (typeof entry.level !== 'number' || entry.level < PINO_ERROR) return undefined;
    const reason = typeof entry.reason === 'string' ? `: ${entry.reason}` : '';
    return `${typeof entry.msg === 'string' ? entry.msg : 'error'}${reason}`;
  } catch {
    return undefined;
  }
}
