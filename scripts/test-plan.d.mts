export type Step = 'types' | 'lint' | 'format' | 'build' | 'unit' | 'db' | 'e2e';

export interface JestCounts {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly numTotalTests: number;
  readonly numRuntimeErrorTestSuites: number;
}

export const STEPS: readonly Step[];
export const SUITES: readonly Step[];
export function planFor(words: readonly string[]): { readonly steps: Step[]; readonly paths: string[] };
export function countTests(
  reports: readonly { readonly suite: string; readonly report: JestCounts; readonly filtered: boolean }[],
): { readonly passed: number; readonly failed: number; readonly problems: string[] };
