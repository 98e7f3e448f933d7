import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { cameraView, ticketsView } from '#libs/wire';
import { CentreClient } from '../demo-town/centre-client.ts';
import { stillRuns, type ProcessIdentity } from '../supervisor/process-table.ts';
import type { Product } from '../e2e/product.ts';

const identity = z.object({ pid: z.number().int().min(2), started: z.string() });
const recorded = z.array(identity.extend({ name: z.string() }));

/** What somebody outside can see of a centre that runs: its processes, its health, its cameras, its video. */
export class TownWatch {
  private constructor(
    private readonly product: Product,
    private readonly client: CentreClient,
  ) {}

  static async signIn(product: Product, signal: AbortSignal): Promise<TownWatch> {
    const login = await product.loginOf('operator');
    return new TownWatch(product, await CentreClient.signIn(product.url, login, signal));
  }

  processOf(name: string): ProcessIdentity | undefined {
    const file = join(this.product.dataFolder, 'run', 'pids.json');
    const found = recorded.parse(JSON.parse(readFileSync(file, 'utf8'))).find((entry) => entry.name === name);
    return found && stillRuns(found) ? found : undefined;
  }

  /** The supervisor itself, as its lock names it. */
  supervisor(): ProcessIdentity {
    const file = join(this.product.dataFolder, 'run', 'supervisor.lock');
    return identity.parse(JSON.parse(readFileSync(file, 'utf8')));
  }

  /** Throws while the api, its database or the relay does not work. */
  async expectReady(): Promise<void> {
    const response = await fetch(`${this.product.url}/health/ready`);
    const { status } = z.object({ status: z.string() }).parse(await response.json());
    if (status !== 'ready') throw new Error(`health is ${status}`);
  }

  /** Ids of the cameras that are adopted, and how many of them the relay says are online since `sinceMs`. */
  async cameras(): Promise<{ readonly ids: readonly string[]; readonly online: number }> {
    const cameras = await this.client.get('/api/cameras', z.array(cameraView));
    const online = cameras.filter((camera) => camera.health.state === 'online').length;
    return { ids: cameras.map((camera) => camera.id).sort(), online };
  }

  /** Last media sequence of each camera's playlist: pictures flow while these grow (RFC 8216 §4.3.3.2). */
  async lastSegments(ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const wanted = ids.map((cameraId) => ({ cameraId, stream: 'sub' as const }));
    const { tickets, refused } = await this.client.post('/api/video/tickets', { wanted }, ticketsView);
    if (refused.length > 0) throw new Error(`no ticket: ${refused[0]!.code}`);
    const entries = tickets.map(async (ticket): Promise<[string, number]> => {
      const playlist = await (await fetch(ticket.playlistUrl)).text();
      return [ticket.cameraId, lastSegmentIn(playlist)];
    });
    return new Map(await Promise.all(entries));
  }
}

/** Number of the playlist's last segment; throws when it holds none. */
export function lastSegmentIn(playlist: string): number {
  const first = /^#EXT-X-MEDIA-SEQUENCE:(\d+)$/m.exec(playlist)?.[1];
  const segments = playlist.match(/^#EXTINF:/gm)?.length ?? 0;
  if (first === undefined || segments === 0) throw new Error(`no segments: ${playlist.slice(0, 80)}`);
  return Number(first) + segments - 1;
}
