import type { LineKind } from './line.ts';

/** One step of a tile from one line to another, or to the last picture that it had. */
export interface LineStep {
  readonly atMs: number;
  readonly cameraId: string;
  readonly to: LineKind | 'last-picture';
  /** Why the line before was left: a code; `first` for the first line of a tile. */
  readonly why: string;
}

const MAX_STEPS = 200;

/** Which line each tile of the page took when, and why: what a technician wants to know first. Bounded. */
export class LineLog {
  private list: readonly LineStep[] = [];

  get steps(): readonly LineStep[] {
    return this.list;
  }

  add(step: LineStep): void {
    this.list = [...this.list.slice(1 - MAX_STEPS), step];
  }
}
