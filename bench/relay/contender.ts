import type { SimCameraSpec } from '../../camera-sim/model.ts';
import type { ReaderTarget } from '../soak/slow-reader.ts';

/** What is measured: somebody that serves HLS for all of these cameras. */
export interface Contender {
  readonly name: string;
  /** Why it cannot take part here with so many cameras, or `undefined`. */
  missing(cameras: number): Promise<string | undefined>;
  /** Starts serving. `folder` is its own, empty and in memory where the system has such. */
  start(cameras: readonly BenchCamera[], folder: string): Promise<Running>;
}

export interface BenchCamera {
  /** A UUID, the name under which it is served. */
  readonly id: string;
  readonly spec: SimCameraSpec;
  /** `rtsp://host:port/path`, without login. */
  readonly uri: string;
}

export interface Running {
  /** All processes that do the serving. */
  readonly pids: readonly number[];
  /** How many cameras have a playlist with at least one whole segment now. */
  serving(): Promise<number>;
  /** Bytes of media that are held for readers at this moment. */
  windowBytes(): Promise<number>;
  /** The window lies in files of a memory file system, and so beside the memory of the processes. */
  readonly windowIsBeside: boolean;
  /** Whole pictures received in the connections that stand, by the camera's id in the simulator, where it says so. */
  framesReceived?(): Promise<ReadonlyMap<string, number>>;
  /** State of each camera, and how often it was connected to anew; by the camera's id in the simulator. */
  states?(): Promise<ReadonlyMap<string, string>>;
  reconnects?(): Promise<ReadonlyMap<string, number>>;
  /** Where a player finds this camera, where it can be told. */
  readerTarget?(camera: BenchCamera): ReaderTarget;
  stop(): Promise<void>;
}

/** `uri` with the camera's login in it, for programs that take it from there. */
export function uriWithLogin({ uri, spec }: BenchCamera): string {
  return uri.replace('rtsp://', `rtsp://${spec.username}:${spec.password}@`);
}
