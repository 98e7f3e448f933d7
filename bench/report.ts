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

/** A contender that was not measured in a case, and why. */
export interface BenchAbsence {
  readonly case: string;
  readonly contender: string;
  readonly reason: string;
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
  readonly absent: readonly BenchAbsence[];
}

const DOCS = path.resolve(import.meta.dirname, '..', '..', 'docs', 'performance.md');

/** Collects the rounds of a benchmark and writes `bench/out/<name>.json`. */
export class BenchRecorder {
  private readonly rounds = new Map<
    string,
    { row: Omit<BenchRow, 'median' | 'min' | 'max' | 'n'>; values: number[] }
  >();

  private readonly absent: BenchAbsence[] = [];

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

  leaveOut(caseName: string, contender: string, reason: string): void {
    this.absent.push({ case: caseName, contender, reason });
  }

  rows(): BenchRow[] {
    return [...this.rounds.values()].map(({ row, values }) => ({ ...row, ...summaryOf(values), n: values.length }));
  }

  /** Writes the report. Rows of cases that this run did not touch are kept from the last one. */
  async write(folder: string): Promise<{ readonly file: string; readonly report: BenchReport }> {
    await mkdir(folder, { recursive: true });
    const file = path.join(folder, `${this.name}.json`);
    const fresh = this.rows();
    const measured = new Set([...fresh, ...this.absent].map((row) => row.case));
    const isKept = (row: { readonly case: string }): boolean => !measured.has(row.case);
    const previous = await previousReport(file);
    const report: BenchReport = {
      machine: {
        cpu: cpus()[0]?.model.trim() ?? 'unknown',
        cores: availableParallelism(),
        memoryMb: Math.round(totalmem() / 2 ** 20),
        kernel: release(),
        node: process.version,
      },
      startedAt: new Date(this.startedAtMs).toISOString(),
      rows: [...(previous.rows ?? []).filter(isKept), ...fresh],
      absent: [...(previous.absent ?? []).filter(isKept), ...this.absent],
    };
    await writeFile(file, `${JSON.stringify(report, null, 2)}\n`);
    return { file, report };
  }
}

async function previousReport(file: string): Promise<Partial<BenchReport>> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as BenchReport;
  } catch {
    return {};
  }
}

/** Puts `text` between the marks of `section` in docs/performance.md. */
export async function writeIntoDocs(section: string, text: string): Promise<void> {
  const [from, to] = [`<!-- ${section} -->`, `<!-- /${section} -->`];
  const before = await readFile(DOCS, 'utf8');
  const at = before.indexOf(from);
  const end = before.indexOf(to);
  if (at < 0 || end < at) throw new Error(`docs/performance.md has no marks for ${section}`);
  await writeFile(DOCS, `${before.slice(0, at)}${from}\n\n${text}\n\n${before.slice(end)}`);
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
export function tableOf({ rows, absent }: Pick<BenchReport, 'rows' | 'absent'>): string {
  const lines = rows.map(
    (row) =>
      `| ${row.case} | ${row.contender} | ${row.metric} | ${row.median} ${row.unit} | ${row.min}–${row.max} | ${row.n} |`,
  );
  const left = absent.map((one) => `| ${one.case} | ${one.contender} | not measured: ${one.reason} | | | |`);
  const head = ['| case | contender | metric | median | min–max | rounds |', '|---|---|---|---|---|---|'];
  return [...head, ...lines, ...left].join('\n');
}
