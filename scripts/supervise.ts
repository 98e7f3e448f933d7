import { isMainThread } from 'node:worker_threads';
import { pathToFileURL } from 'node:url';
import { reasonOf, systemClock, type Clock } from '#libs/base';
import { Start } from './supervisor/start.ts';
import { openDataFolder } from './supervisor/data-folder.ts';
import { House } from './supervisor/house.ts';
import { takeLock } from './supervisor/lock.ts';
import { Terminal } from './supervisor/say.ts';
import { readSettings } from './supervisor/settings.ts';
import { endSurvivors } from './supervisor/survivors.ts';

const HOLD_PERIOD_MS = 3_600_000;

/**
 * Starts every process of one centre, keeps them running, and stops them in order on a signal. Resolves with the exit
 * code: 0 when told to stop and all ended by themselves, 1 when it could not start, 3 when something had to be killed.
 */
export async function supervise(
  variables: NodeJS.ProcessEnv = process.env,
  terminal = new Terminal(),
  clock: Clock = systemClock,
): Promise<number> {
  const settings = readSettings(variables);
  if (!settings.ok) return refuse(terminal, settings.refusal.message);
  const folder = openDataFolder(settings.value.dataFolder);
  if (!folder.ok) return refuse(terminal, folder.refusal.message);
  const lock = takeLock(folder.value.lockFile);
  if (!lock.ok) return refuse(terminal, lock.refusal.message);
  const stopping = stopOnSignals(terminal);
  // Timers of the clock do not hold a process, and between two tries there may be no child that does.
  const hold = setInterval(() => {}, HOLD_PERIOD_MS);
  const house = new House(folder.value, terminal, clock);
  let failed = false;
  try {
    const left = await endSurvivors(folder.value.recordFile, clock);
    if (left.length > 0) terminal.line('limpieza', `terminado lo que quedó de antes: ${left.join(', ')}`);
    await new Start(settings.value, folder.value, house, terminal, clock, stopping).run(variables);
    await aborted(stopping);
  } catch (problem) {
    failed = !stopping.aborted;
    if (failed) terminal.failure(reasonOf(problem, 2_000));
  }
  const gentle = await house.stopAll();
  lock.value.release();
  clearInterval(hold);
  if (!failed)
    terminal.text(gentle ? 'Atalaya se detuvo.' : 'Atalaya se detuvo; algo tuvo que terminarse por la fuerza.');
  if (failed) return 1;
  return gentle ? 0 : 3;
}

function refuse(terminal: Terminal, message: string): number {
  terminal.failure(message);
  return 1;
}

/** npm passes on a Ctrl-C that the terminal has sent us already: a second signal changes nothing. */
function stopOnSignals(terminal: Terminal): AbortSignal {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) return;
    terminal.blank();
    terminal.text('Deteniendo…');
    controller.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  return controller.signal;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

if (isMainThread && process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exitCode = await supervise();
}
