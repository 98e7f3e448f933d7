import type { Priority } from '#libs/dispatch';

/** Columns of times, in the order in which they are read. Milliseconds after the call, but for the call itself. */
export const TIME_COLUMNS = [
  'callAtMs',
  'openedMs',
  'dispatchedMs',
  'acknowledgedMs',
  'enRouteMs',
  'arrivedMs',
  'referralTakenMs',
  'endedMs',
  'closedMs',
] as const;
export type TimeColumn = (typeof TIME_COLUMNS)[number];

/** Rows beside each other that have the same key and priority. */
export interface Run {
  readonly key: string | null;
  readonly priority: Priority | null;
  readonly from: number;
  /** Behind the last. */
  readonly to: number;
}

/** Incidents as columns: a year of them is some megabytes, and sorting one column is the work of milliseconds. */
export interface FigureTable {
  readonly rows: number;
  readonly runs: readonly Run[];
  /** `NaN` where something did not happen. */
  readonly columns: Readonly<Record<TimeColumn, Float64Array>>;
}

/** One run as it comes from the database: each column packed as `float8send` writes it, IEEE 754 binary64, big-endian. */
export interface PackedRun {
  readonly key: string | null;
  readonly priority: Priority | null;
  readonly rows: number;
  readonly columns: Readonly<Record<TimeColumn, Uint8Array>>;
}

const { isNaN } = Number;

/** Nothing happened: of a million values it is asked, so it looks up no global. */
export function isNone(value: number): boolean {
  return isNaN(value);
}

const BYTES = Float64Array.BYTES_PER_ELEMENT;

/** Unpacks runs behind each other. @throws {Error} when a column is not as long as its run says. */
export function tableOf(packed: readonly PackedRun[]): FigureTable {
  const rows = packed.reduce((sum, run) => sum + run.rows, 0);
  let at = 0;
  const runs = packed.map(({ key, priority, rows: count }) => ({ key, priority, from: at, to: (at += count) }));
  const columns = TIME_COLUMNS.map((name) => [name, columnOf(packed, name, rows)] as const);
  return { rows, runs, columns: Object.fromEntries(columns) as Record<TimeColumn, Float64Array> };
}

function columnOf(packed: readonly PackedRun[], name: TimeColumn, rows: number): Float64Array {
  const bytes = new Uint8Array(rows * BYTES);
  let at = 0;
  for (const run of packed) {
    const part = run.columns[name];
    if (part.length !== run.rows * BYTES)
      throw new Error(`column ${name} has ${part.length} bytes of ${run.rows} rows`);
    bytes.set(part, at);
    at += part.length;
  }
  return fromBigEndian(bytes);
}

/** The bytes as numbers, turned round in place where the machine is little-endian. */
function fromBigEndian(bytes: Uint8Array<ArrayBuffer>): Float64Array {
  const numbers = new Float64Array(bytes.buffer);
  const view = new DataView(bytes.buffer);
  for (let row = 0; row < numbers.length; row++) numbers[row] = view.getFloat64(row * BYTES, false);
  return numbers;
}
