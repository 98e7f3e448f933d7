import type { ChildState } from './child.ts';

const WIDTH = 14;

/** What the person at the terminal reads: Spanish (es-PE), one calm line per thing that happened. */
export class Terminal {
  constructor(private readonly write: (line: string) => void = console.log) {}

  line(what: string, text: string): void {
    this.write(`  ${what.padEnd(WIDTH)} ${text}`);
  }

  blank(): void {
    this.write('');
  }

  text(line: string): void {
    this.write(`  ${line}`);
  }

  /** Something that could not be done; the rest goes on. */
  warn(text: string): void {
    this.write(`  ! ${text}`);
  }

  failure(text: string): void {
    this.write(`  ✗ ${text}`);
  }
}

/** `1234` as `1,2 s`. */
export function seconds(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(1).replace('.', ',')} s`;
}

/** What a change of a child means to a person, or nothing when it is of no interest. */
export function childNews(state: ChildState, wasDown: boolean): string | undefined {
  switch (state.kind) {
    case 'waiting':
      return state.looping
        ? `no se mantiene en pie (${state.why}); se intenta cada ${seconds(state.waitMs)}`
        : `se detuvo (${state.why}); se reinicia en ${seconds(state.waitMs)}`;
    case 'running':
      return wasDown ? `responde otra vez (${seconds(state.readyAfterMs)})` : undefined;
    case 'starting':
    case 'stopped':
      return undefined;
  }
}
