import { reasonOf, type Clock, type Logger } from '#libs/base';
import { ControlServer, type ControlledCamera } from './control/index.ts';
import { startDiscovery, type RunningDiscovery } from './discovery/index.ts';
import { SimCamera, type SimCameraSpec } from './model.ts';
import { startOnvif, type RunningOnvif } from './onvif/index.ts';
import { CameraRtspServer, openStudio, type Studio } from './rtsp/index.ts';
import { snapshotOf } from './snapshot.ts';

export interface TownDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Port of the control interface on 127.0.0.1; 0 is any free one. */
  readonly controlPort: number;
}

export interface RunningTown {
  readonly controlPort: number;
  readonly cameras: readonly SimCamera[];
  stop(): Promise<void>;
}

/** Everything that a town runs, in order. A camera whose address cannot be had is reported and does not stop the others. */
export async function startTown(specs: readonly SimCameraSpec[], deps: TownDeps): Promise<RunningTown> {
  const studio = openStudio(deps.clock, deps.logger);
  const cameras = specs.map((spec) => new RunningCamera(new SimCamera(spec), studio, deps));
  await Promise.all(cameras.map((camera) => camera.start()));
  const discovery = await openDiscovery(cameras, deps);
  const control = new ControlServer(cameras, deps.logger);
  const stopCameras = async (): Promise<void> => {
    await discovery?.close();
    await Promise.allSettled(cameras.map((camera) => camera.stop()));
  };
  try {
    const controlPort = await control.start(deps.controlPort);
    const stop = (): Promise<void> => control.stop().then(stopCameras);
    return { controlPort, cameras: cameras.map(({ camera }) => camera), stop };
  } catch (thrown) {
    await stopCameras();
    throw thrown;
  }
}

/** Without multicast (a closed-in container) the cameras are still there, found by a sweep or by address. */
async function openDiscovery(
  cameras: readonly RunningCamera[],
  { clock, logger }: TownDeps,
): Promise<RunningDiscovery | undefined> {
  try {
    return await startDiscovery(
      cameras.map(({ camera }) => camera),
      { clock, logger },
    );
  } catch (thrown) {
    logger.error({ reason: reasonOf(thrown) }, 'no answers to WS-Discovery');
    return undefined;
  }
}

/** One camera with its services. */
class RunningCamera implements ControlledCamera {
  private readonly rtsp: CameraRtspServer;
  private onvif: RunningOnvif | undefined;

  constructor(
    readonly camera: SimCamera,
    studio: Studio,
    private readonly deps: TownDeps,
  ) {
    this.rtsp = new CameraRtspServer(camera, studio);
  }

  get sessionCount(): number {
    return this.rtsp.sessionCount;
  }

  get readers() {
    return this.rtsp.readers;
  }

  sentOf(role: 'main' | 'sub') {
    return this.rtsp.streamOf(role).sent.list();
  }

  async start(): Promise<void> {
    const { clock, logger } = this.deps;
    await this.rtsp.start();
    try {
      this.onvif = await startOnvif(this.camera, { clock, logger, snapshotOf });
    } catch (thrown) {
      const { id, host, onvifPort } = this.camera.spec;
      logger.error({ camera: id, host, onvifPort, reason: reasonOf(thrown) }, 'camera has no ONVIF services');
    }
  }

  async stop(): Promise<void> {
    await Promise.allSettled([this.rtsp.stop(), this.onvif?.close()]);
  }
}
