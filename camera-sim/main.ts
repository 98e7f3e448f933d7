import pino from 'pino';
import { reasonOf, systemClock, type Logger } from '#libs/base';
import { readConfig } from './config.ts';
import { startTown } from './running-town.ts';
import { TOWN, townOf } from './town.ts';

/** A town of pretend cameras in one process, until it is told to stop. */
async function main(): Promise<void> {
  const config = readConfig();
  const logger: Logger = pino({ name: 'camera-sim', base: null });
  const specs = config.benchCameras === undefined ? TOWN : townOf(config.benchCameras);
  const town = await startTown(specs, { clock: systemClock, logger, controlPort: config.controlPort });
  logger.info({ cameras: specs.length, controlPort: town.controlPort }, 'cameras are up');
  const signal = await stopSignal();
  logger.info({ signal }, 'stopping');
  await town.stop();
}

/** A second signal finds no handler any more and ends the process at once. */
function stopSignal(): Promise<string> {
  return new Promise((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
}

main().catch((thrown: unknown) => {
  console.error(`camera-sim: ${reasonOf(thrown)}`);
  process.exitCode = 1;
});
