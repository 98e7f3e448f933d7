import type { Clock, Logger } from '#libs/base';
import type { SimCamera } from '../model.ts';
import type { SoapFault } from './fault.ts';
import type { PtzHead } from './ptz-head.ts';
import type { PullPoints } from './pull-points.ts';
import { rulesOf, type VendorRules } from './vendor.ts';
import type { XmlElement } from './xml-reader.ts';
import type { XmlNode } from './xml-writer.ts';

export type SnapshotOf = (camera: SimCamera) => Uint8Array | Promise<Uint8Array>;

/** What every service of one camera works on. */
export class OnvifDevice {
  readonly rules: VendorRules;
  /** Set once the server listens; the spec's port, or the one the machine gave when that is 0. */
  port: number;

  constructor(
    readonly camera: SimCamera,
    readonly clock: Clock,
    readonly logger: Logger,
    readonly head: PtzHead | undefined,
    readonly pullPoints: PullPoints,
    readonly snapshotOf: SnapshotOf | undefined,
  ) {
    this.rules = rulesOf(camera.spec.vendor);
    this.port = camera.spec.onvifPort;
  }

  /** The hour that the camera believes it is. */
  nowMs(): number {
    return this.camera.nowMs(this.clock.nowMs());
  }

  serviceUrl(path: string): string {
    return `http://${this.rules.serviceHost ?? this.camera.host}:${this.port}${path}`;
  }

  pullPointUrl(path: string): string {
    return `http://${this.rules.pullPointHost ?? this.camera.host}:${this.port}${path}`;
  }

  snapshotUrl(profileToken: string): string {
    const path = `${SNAPSHOT_PATH}?profile=${encodeURIComponent(profileToken)}`;
    return `http://${this.rules.mediaHost ?? this.camera.host}:${this.port}${path}`;
  }

  streamUrl(path: string): string {
    return `rtsp://${this.rules.mediaHost ?? this.camera.host}:${this.camera.spec.rtspPort}${path}`;
  }
}

export const SNAPSHOT_PATH = '/onvif/snapshot.jpg';

/** Who may call an operation: ONVIF Core §5.9.4.3. The camera has one user, an administrator, so all but the first need it. */
export type AccessClass =
  'PRE_AUTH' | 'READ_SYSTEM' | 'READ_SYSTEM_SECRET' | 'WRITE_SYSTEM' | 'UNRECOVERABLE' | 'READ_MEDIA' | 'ACTUATE';

/** One request under way, already allowed. */
export interface Call {
  readonly device: OnvifDevice;
  readonly body: XmlElement;
  /** Path of the URL it came to; a pull point is known by it. */
  readonly path: string;
  /** Aborts when the client has gone or the camera stops. */
  readonly signal: AbortSignal;
}

export type Answer = XmlNode | SoapFault;

export interface Operation {
  readonly access: AccessClass;
  readonly answer: (call: Call) => Answer | Promise<Answer>;
}

/** By the local name of the request's element. */
export type Operations = ReadonlyMap<string, Operation>;

export function operations(table: Readonly<Record<string, readonly [AccessClass, Operation['answer']]>>): Operations {
  return new Map(Object.entries(table).map(([name, [access, answer]]) => [name, { access, answer }]));
}
