import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { silentLogger, systemClock } from '#libs/base';
import { SimCamera, type SimCameraSpec } from '../../../camera-sim/model.ts';
import { startTown, type RunningTown } from '../../../camera-sim/running-town.ts';
import { streamPathOf } from '../../../camera-sim/stream-path.ts';
import { TOWN } from '../../../camera-sim/town.ts';
import type { CameraSeed } from './database.ts';

/** One camera of the demonstration town at an address of the test's own, and what the relay is told of it. */
export interface TownCamera {
  readonly id: string;
  /** `sim-01`... */
  readonly like: string;
  /** How far its clock is said to be ahead. */
  readonly clockErrorMs?: number;
}

export interface TestTown extends RunningTown {
  readonly control: string;
  spec(camera: TownCamera): SimCameraSpec;
  /** The camera as adoption records it, for a relay that reads the database. */
  seed(camera: TownCamera): CameraSeed;
  /** Sessions that are set up at each camera now, in the order of the cameras. */
  sessions(): Promise<number[]>;
  /** Writes the relay's camera file and returns its path. */
  writeCameras(folder: string): Promise<string>;
}

/** @param net third byte of the loopback addresses, so that two tests can run beside each other */
export async function startTestTown(cameras: readonly TownCamera[], net: number): Promise<TestTown> {
  const specs = cameras.map((camera, index) => ({ ...known(camera.like), host: `127.0.${net}.${index + 1}` }));
  const town = await startTown(specs, { clock: systemClock, logger: silentLogger, controlPort: 0 });
  const spec = (camera: TownCamera): SimCameraSpec => specs[cameras.indexOf(camera)]!;
  return {
    ...town,
    control: `http://127.0.0.1:${town.controlPort}`,
    spec,
    seed: (camera) => {
      const { username, password, streams, host } = entryOf(camera, spec(camera));
      return { id: camera.id, code: camera.like, host, login: { username, password }, streams };
    },
    sessions: async () => {
      const response = await fetch(`http://127.0.0.1:${town.controlPort}/cameras`);
      const { cameras: views } = (await response.json()) as { cameras: { id: string; sessionCount: number }[] };
      return specs.map(({ id }) => views.find((view) => view.id === id)!.sessionCount);
    },
    writeCameras: async (folder) => {
      const path = join(folder, 'cameras.json');
      await writeFile(path, JSON.stringify({ cameras: cameras.map((camera) => entryOf(camera, spec(camera))) }));
      return path;
    },
  };
}

function known(id: string): SimCameraSpec {
  const spec = TOWN.find((each) => each.id === id);
  if (!spec) throw new Error(`the town has no ${id}`);
  return spec;
}

function entryOf({ id, clockErrorMs }: TownCamera, spec: SimCameraSpec) {
  const { host, rtspPort, username, password } = spec;
  const uri = (token: string): string => `rtsp://${host}:${rtspPort}${streamPathOf(new SimCamera(spec), token)}`;
  const streams = (['main', 'sub'] as const).map((role) => ({
    role,
    uri: uri(spec[role].token),
    framesPerSecond: spec[role].framesPerSecond,
  }));
  return { id, code: spec.id, host, username, password, clockErrorMs, streams };
}
