import { Backoff, reasonOf, type Clock, type Logger, type Timer } from '#libs/base';
import type { SimCamera, SimChange } from '../model.ts';
import { OnvifDevice, type SnapshotOf } from './device.ts';
import { OnvifHttp } from './http-server.ts';
import { Login } from './login.ts';
import { PtzHead } from './ptz-head.ts';
import { PullPoints } from './pull-points.ts';

export { scopesOf } from './scopes.ts';
export { rulesOf, type VendorRules } from './vendor.ts';
export { servicesOf, DEVICE_PATH } from './service-list.ts';
export type { SnapshotOf } from './device.ts';

export interface OnvifDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  /** JPEG of what the camera sees now. Without it the camera has no snapshots. */
  readonly snapshotOf?: SnapshotOf | undefined;
}

export interface RunningOnvif {
  /** Port that is listened on: the spec's, or what the machine gave for 0. */
  readonly port: number;
  close(): Promise<void>;
}

/**
 * The ONVIF face of one camera: an HTTP server on `camera.host:spec.onvifPort` with the Device, Media, Media2, PTZ, Imaging
 * and Events services and a snapshot. It goes away while the camera is unplugged and follows it to a new address.
 * Rejects when the first address cannot be bound; later on it keeps trying.
 */
export async function startOnvif(camera: SimCamera, deps: OnvifDeps): Promise<RunningOnvif> {
  const face = new OnvifFace(camera, deps);
  await face.start();
  return face;
}

class OnvifFace implements RunningOnvif {
  private readonly device: OnvifDevice;
  private readonly login: Login;
  private readonly unlisten: () => void;
  private readonly backoff = new Backoff({ firstMs: 100, maxMs: 2_000, jitter: 0.2 });
  private http: { readonly server: OnvifHttp; readonly host: string } | undefined;
  /** Bindings happen one after another. */
  private binding: Promise<void> = Promise.resolve();
  private retry: Timer | undefined;
  private closed = false;

  constructor(
    private readonly camera: SimCamera,
    private readonly deps: OnvifDeps,
  ) {
    const { clock, logger, snapshotOf } = deps;
    const head = camera.spec.presets.length > 0 ? new PtzHead(camera, clock) : undefined;
    this.device = new OnvifDevice(camera, clock, logger, head, new PullPoints(camera, clock), snapshotOf);
    this.login = new Login(camera, clock);
    this.unlisten = camera.listen((change) => this.hear(change));
  }

  get port(): number {
    return this.device.port;
  }

  async start(): Promise<void> {
    const first = this.bind();
    this.binding = first.catch(() => {});
    try {
      await first;
    } catch (thrown) {
      await this.close();
      throw thrown;
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    this.unlisten();
    this.powerOff();
    await this.binding;
  }

  private hear(change: SimChange): void {
    if (change.kind === 'event') this.device.pullPoints.hear(change.event);
    else if (change.kind === 'rebooted') {
      this.powerOff();
      this.plug();
    } else if (change.kind === 'faults') {
      if (this.camera.faults.unplugged) this.unplug();
      else this.plug();
    }
  }

  /** Only the cable: the camera itself goes on, with its subscriptions. */
  private unplug(): void {
    this.retry?.cancel();
    this.http?.server.close();
    this.http = undefined;
  }

  private powerOff(): void {
    this.unplug();
    this.device.head?.close();
    this.device.pullPoints.clear();
    this.login.forget();
  }

  private plug(): void {
    this.retry?.cancel();
    this.binding = this.binding
      .then(() => this.bind())
      .then(
        () => this.backoff.reset(),
        (thrown: unknown) => this.bindLater(thrown),
      );
  }

  private bindLater(thrown: unknown): void {
    const { logger, clock } = this.deps;
    logger.warn(
      { camera: this.camera.spec.id, host: this.camera.host, reason: reasonOf(thrown) },
      'onvif address not bound',
    );
    if (!this.closed) this.retry = clock.after(this.backoff.nextMs(), () => this.plug());
  }

  /** Listens where the camera is now, unless it already does or should not. */
  private async bind(): Promise<void> {
    const wanted = (): boolean => !this.closed && !this.camera.faults.unplugged;
    const { host } = this.camera;
    if (!wanted() || this.http?.host === host) return;
    this.unplug();
    const server = await OnvifHttp.listen(this.device, this.login, host, this.device.port);
    this.device.port = server.port;
    // The camera may have been unplugged or moved while the address was being bound; a move has queued the next binding.
    if (wanted() && this.camera.host === host) this.http = { server, host };
    else server.close();
  }
}
