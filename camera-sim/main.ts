import pino from 'pino';
import { reasonOf, systemClock, type Logger } from '#libs/base';
import { readConfig } from './config.ts';
import { SimCamera } from './model.ts';
import { CameraRtspServer, openStudio } from './rtsp/index.ts';
import { TOWN, townOf } from './town.ts';

/** A town of pretend cameras in one process. */
async function main(): Promise<void> {
  const config = readConfig();
  const logger: Logger = pino({ name: 'camera-sim' });
  const specs = config.benchCameras === undefined ? TOWN : townOf(config.benchCameras);
  const cameras = specs.map((spec) => new SimCamera(spec));
  const studio = openStudio(systemClock, logger);
  const servers = cameras.map((camera) => new CameraRtspServer(camera, studio));
  await Promise.all(servers.map((server) => server.start()));
  logger.info({ cameras: cameras.length }, 'cameras are up');
  await stopSignal();
  logger.info({}, 'stopping');
  await Promise.allSettled(servers.map((server) => server.stop()));
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve());
    process.once('SIGINT', () => resolve());
  });
}

main().catch((thrown: unknown) => {
  console.error(`camera-sim: ${reasonOf(thrown)}`);
  process.exitCode = 1;
});
