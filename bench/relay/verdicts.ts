import type { BenchRow } from '../report.ts';

/** What the relay may cost, against others of the same run. */
const CPU_LIMITS: readonly {
  readonly against: string;
  readonly times: number;
  readonly cases: readonly string[] | 'all';
}[] = [
  { against: 'floor', times: 1.5, cases: ['cameras-100', 'cameras-300'] },
  { against: 'floor', times: 2.2, cases: ['cameras-1000'] },
  { against: 'go2rtc', times: 0.5, cases: 'all' },
  { against: 'mediamtx', times: 0.5, cases: 'all' },
  { against: 'ffmpeg', times: 0.2, cases: 'all' },
];
const FIXED_MB = 80;
const WINDOW_SHARE = 1.2;

/** By how much each limit is kept or missed. Told, never a failing test: the figures are those of one machine and hour. */
export function verdictsOf(rows: readonly BenchRow[]): string[] {
  const cases = [...new Set(rows.map((row) => row.case))];
  return cases.flatMap((name) => {
    const of = (contender: string, metric: string): number | undefined =>
      rows.find((row) => row.case === name && row.contender === contender && row.metric === metric)?.median;
    return [...cpuVerdicts(name, of), ...memoryVerdict(name, of), ...lossVerdict(name, of)];
  });
}

type Median = (contender: string, metric: string) => number | undefined;

function cpuVerdicts(name: string, of: Median): string[] {
  const ours = of('atalaya', 'cpu_percent');
  if (ours === undefined) return [];
  return CPU_LIMITS.filter(({ cases }) => cases === 'all' || cases.includes(name)).flatMap(({ against, times }) => {
    const theirs = of(against, 'cpu_percent');
    if (!theirs) return [];
    const ratio = ours / theirs;
    return [`${name}: CPU ${ratio.toFixed(2)} x ${against}, limit ${times}: ${judged(ratio, times, 2, '')}`];
  });
}

function memoryVerdict(name: string, of: Median): string[] {
  const ours = of('atalaya', 'memory_mb');
  const window = of('atalaya', 'window_mb');
  if (ours === undefined || window === undefined) return [];
  const limit = FIXED_MB + WINDOW_SHARE * window;
  const bound = `${FIXED_MB} + ${WINDOW_SHARE} x ${window.toFixed(0)} = ${limit.toFixed(0)} MB`;
  return [`${name}: memory ${ours.toFixed(0)} MB, limit ${bound}: ${judged(ours, limit, 0, ' MB')}`];
}

function lossVerdict(name: string, of: Median): string[] {
  const lost = of('atalaya', 'lost_frames');
  if (lost === undefined) return [];
  return [`${name}: ${lost === 0 ? 'every frame that was sent arrived' : `${lost} frames lost`}`];
}

function judged(value: number, limit: number, digits: number, unit: string): string {
  const distance = `${Math.abs(limit - value).toFixed(digits)}${unit}`;
  return value <= limit ? `kept by ${distance}` : `missed by ${distance}`;
}
