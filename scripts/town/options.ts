import { parseArgs } from 'node:util';

/** Bounds of a load run: more is another machine's work. */
const MAX = { units: 5_000, callsPerHour: 20_000, everyS: 60, maxOpen: 500 } as const;

/** What `npm run town` is told. */
export interface LoadOptions {
  /** Without a path. */
  readonly url: string;
  /** JSON list of logins as `demo-logins.json` has it; the administrator's is used. */
  readonly logins: string;
  /** What is remembered from one run to the next: the devices' tokens. */
  readonly state: string;
  readonly units: number;
  readonly callsPerHour: number;
  readonly everyS: number;
  readonly maxOpen: number;
  readonly seed: string;
}

export const USAGE = `npm run town -- [--units 100] [--calls-per-hour 60] [--url http://127.0.0.1:8080]
    [--logins data/demo-logins.json] [--state data/load-town.json] [--every-s 1] [--max-open 200] [--seed 1]

Units "Carga 0001"... that drive and report, and calls, against a centre that runs. Ctrl-C stops it; the units stay
registered and are used again by the next run with the same --state.`;

/** @throws with the option, its rule and what was given. */
export function loadOptions(args: readonly string[]): LoadOptions {
  const text = (fallback: string) => ({ type: 'string', default: fallback }) as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      url: text('http://127.0.0.1:8080'),
      logins: text('data/demo-logins.json'),
      state: text('data/load-town.json'),
      units: text('100'),
      'calls-per-hour': text('60'),
      'every-s': text('1'),
      'max-open': text('200'),
      seed: text('1'),
    },
  });
  return {
    url: originOf(values.url),
    logins: values.logins,
    state: values.state,
    units: whole('--units', values.units, 1, MAX.units),
    callsPerHour: whole('--calls-per-hour', values['calls-per-hour'], 0, MAX.callsPerHour),
    everyS: whole('--every-s', values['every-s'], 1, MAX.everyS),
    maxOpen: whole('--max-open', values['max-open'], 1, MAX.maxOpen),
    seed: values.seed.slice(0, 100),
  };
}

function whole(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d{1,6}$/.test(text) && value >= least && value <= most) return value;
  throw new Error(`${option} takes a whole number from ${least} to ${most}, got "${text}"`);
}

function originOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '') return url.origin;
  throw new Error(`--url takes http(s)://host[:port], got "${text.slice(0, 100)}"`);
}
