import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, release, totalmem } from 'node:os';
import path from 'node:path';

/** One figure of one contender in one case, over `n` rounds. */
export interface BenchRow {
  readonly case: string;
  readonly contender: string;
  readonly metric: string;
  readonly unit: string;
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly n: number;
}

export interface BenchReport {
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly memoryMb: number;
    readonly kernel: string;
    readonly node: string;
  };
  readonly startedAt: string;
  readonly rows: readonly BenchRow[];
}

/** Collects the rounds of a benchmark and writes `bench/out/<name>.json`. */
export class BenchRecorder {
  private readonly rounds = new Map<
    string,
    { row: Omit<BenchRow, 'median' | 'min' | 'max' | 'n'>; values: number[] }
  >();

  constructor(
    private readonly name: string,
    private readonly startedAtMs: number,
  ) {}

  add(caseName: string, contender: string, metric: string, unit: string, value: number): void {
    const key = JSON.stringify([caseName, contender, metric]);
    const entry = this.rounds.get(key) ?? { row: { case: caseName, contender, metric, unit }, values: [] };
    entry.values.push(value);
    this.rounds.set(key, entry);
  }

  rows(): BenchRow[] {
    return [...this.rounds.values()].map(({ row, values }) => ({ ...row, ...summaryOf(values), n: values.length }));
  }

  /** Writes the report and returns its path. Rows of cases that this run did not touch are kept from the last report. */
  async write(folder: string): Promise<string> {
    await mkdir(folder, { recursive: true });
    const file = path.join(folder, `${this.name}.json`);
    const fresh = this.rows();
    const measured = new Set(fresh.map((row) => row.case));
    const kept = (await previousRows(file)).filter((row) => !measured.has(row.case));
    const report: BenchReport = {
      machine: {
        cpu: cpus()[0]?.model.trim() ?? 'unknown',
        cores: availableParallelism(),
        memoryMb: Math.round(totalmem() / 2 ** 20),
        kernel: release(),
        node: process.version,
      },
      startedAt: new Date(this.startedAtMs).toISOString(),
      rows: [...kept, ...fresh],
    };
    await writeFile(file, `${JSON.stringify(report, null, 2)}\n`);
    return file;
  }
}

async function previousRows(file: string): Promise<BenchRow[]> {
  try {
    return [...(JSON.parse(await readFile(file, 'utf8')) as BenchReport).rows];
  } catch {
    return [];
  }
}

export function summaryOf(values: readonly number[]): { median: number; min: number; max: number } {
  if (values.length === 0) throw new RangeError('a summary needs at least one value');
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const median = (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
  return { median: round(median), min: round(sorted[0]!), max: round(sorted[sorted.length - 1]!) };
}

/** Three significant places are more than a shared machine can promise. */
function round(value: number): number {
  return Number(value.toPrecision(4));
}

/** The report as a Markdown table, one line a figure, for the terminal and for docs/performance.md. */
export function tableOf(rows: readonly BenchRow[]): string {
  const lines = rows.map(
    (row) =>
      `| ${row.case} | ${row.contender} | ${row.metric} | ${row.median} ${row.unit} | ${row.min}–${row.max} | ${row.n} |`,
  );
  return ['| case | contender | metric | median | min–max | rounds |', '|---|---|---|---|---|---|', ...lines].join(
    '\n',
  );
}
