import path from 'node:path';
import { systemClock, uuidV7 } from '#libs/base';
import { SimCamera } from '../../camera-sim/model.ts';
import { streamPathOf } from '../../camera-sim/stream-path.ts';
import { townOf } from '../../camera-sim/town.ts';
import { freePorts } from '../../scripts/e2e/free-ports.ts';
import { until } from '../../scripts/e2e/until.ts';
import { BenchChild } from './child.ts';
import type { BenchCamera } from './contender.ts';

const SIM_MAIN = path.resolve(import.meta.dirname, '..', '..', 'camera-sim', 'main.js');

/** What the simulator sent to the one reader of a camera. */
interface SentToReader {
  readonly frames: number;
  /** Not sent, because the reader was too slow. */
  readonly droppedFrames: number;
}

/** The cameras of a benchmark, as a process. */
export class BenchSimulator {
  private constructor(
    private readonly child: BenchChild,
    private readonly url: string,
    readonly cameras: readonly BenchCamera[],
  ) {}

  static async start(count: number): Promise<BenchSimulator> {
    const [port = 0] = await freePorts(1);
    const child = new BenchChild(process.execPath, [SIM_MAIN], {
      ATALAYA_SIM_PORT: String(port),
      ATALAYA_SIM_CAMERAS: String(count),
    });
    const url = `http://127.0.0.1:${port}`;
    await until('the simulator to be up', 30_000 + count * 30, async () => {
      if (!child.isRunning) throw new Error(`the simulator ended: ${child.lastWords}`);
      return (await fetch(`${url}/health/live`)).ok;
    });
    return new BenchSimulator(child, url, camerasOf(count));
  }

  get pid(): number {
    return this.child.pid;
  }

  stop(): Promise<void> {
    return this.child.stop();
  }

  /** No camera sends a further frame until {@link thaw}: what was sent and what arrived can be compared to the frame. */
  freeze(): Promise<void> {
    return this.patch('/faults', { frozen: true });
  }

  thaw(): Promise<void> {
    return this.patch('/faults', { frozen: false });
  }

  /** By the camera's id in the simulator. A camera with no reader, or more than one, is left out. */
  async sentToReaders(): Promise<ReadonlyMap<string, SentToReader>> {
    const { cameras } = (await (await fetch(`${this.url}/cameras`)).json()) as {
      cameras: { id: string; readers: SentToReader[] }[];
    };
    return new Map(cameras.filter(({ readers }) => readers.length === 1).map(({ id, readers }) => [id, readers[0]!]));
  }

  setFaults({ spec }: BenchCamera, faults: Readonly<Record<string, unknown>>): Promise<void> {
    return this.patch(`/cameras/${spec.id}/faults`, faults);
  }

  private async patch(address: string, faults: Readonly<Record<string, unknown>>): Promise<void> {
    const response = await fetch(`${this.url}${address}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(faults),
    });
    if (!response.ok) throw new Error(`the simulator answered ${response.status}`);
    await response.arrayBuffer();
  }
}

function camerasOf(count: number): BenchCamera[] {
  return townOf(count).map((spec) => {
    const camera = new SimCamera(spec);
    const uri = `rtsp://${spec.host}:${spec.rtspPort}${streamPathOf(camera, spec.main.token)}`;
    return { id: uuidV7(systemClock.nowMs()), spec, uri };
  });
}
