import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pino from 'pino';
import { reasonOf, systemClock, type Logger } from '#libs/base';
import { Line } from './town/line.ts';
import { runDemo } from './town/demo.ts';
import { runLoad } from './town/load.ts';
import { USAGE, loadOptions } from './town/options.ts';
import type { TownSurroundings } from './town/running-town.ts';
import type { Tally } from './town/vehicle.ts';

/**
 * Units that drive and calls that come, for a centre that runs: `--demo` as the supervisor starts it, otherwise a load
 * run (`npm run town`). Everything goes through the centre's public interface.
 */
const HOLD_PERIOD_MS = 3_600_000;
const SAY_EVERY_MS = 3_600_000;
const LOAD_SAY_EVERY_MS = 10_000;

async function main(args: readonly string[]): Promise<void> {
  const stopping = stopOnSignals();
  const logger: Logger = pino({ name: 'town', base: null, level: 'info' });
  const line = new Line(systemClock, logger);
  const around: TownSurroundings = { line, clock: systemClock, logger, signal: stopping };
  // Timers of the clock do not hold a process.
  const hold = setInterval(() => {}, HOLD_PERIOD_MS);
  try {
    if (args.includes('--demo')) await demo(around);
    else if (args.includes('--help')) console.log(USAGE);
    else await runLoad(loadOptions(args), teller(logger, LOAD_SAY_EVERY_MS), around);
  } catch (problem) {
    if (!stopping.aborted) throw problem;
  } finally {
    clearInterval(hold);
  }
}

async function demo(around: TownSurroundings): Promise<void> {
  const dataFolder = process.env['ATALAYA_DATA'] || 'data';
  const url = `http://127.0.0.1:${process.env['ATALAYA_PORT'] || '8080'}`;
  const beatFile = join(dataFolder, 'run', 'town.beat');
  const tell = teller(around.logger, SAY_EVERY_MS);
  const beat = (tally: Tally): void => {
    writeFileSync(beatFile, String(process.pid), { mode: 0o600 });
    tell(tally);
  };
  const seed = process.env['ATALAYA_DEMO_TOWN_SEED'] || undefined;
  await runDemo({ url, dataFolder, seed, beat }, around);
}

/** One line in a while of what was sent since the one before. */
function teller(logger: Logger, everyMs: number): (tally: Tally) => void {
  let saidAtMs = systemClock.monotonicMs();
  let before: Tally = { reports: 0, lost: 0, words: 0, calls: 0 };
  return (tally) => {
    if (systemClock.monotonicMs() - saidAtMs < everyMs) return;
    saidAtMs = systemClock.monotonicMs();
    const { reports, lost, words, calls } = tally;
    logger.info(
      {
        reports: reports - before.reports,
        lost: lost - before.lost,
        words: words - before.words,
        calls: calls - before.calls,
      },
      'sent',
    );
    before = { ...tally };
  };
}

function stopOnSignals(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => controller.abort());
  return controller.signal;
}

main(process.argv.slice(2)).then(
  // Requests that were cut off may hold connections open for a while.
  () => process.exit(0),
  (thrown: unknown) => {
    console.error(`town: ${reasonOf(thrown)}`);
    process.exit(1);
  },
);
