import { z } from 'zod';
import { Backoff, ok, reasonOf, refusal, refused, sleep, type Clock, type Logger, type Result } from '#libs/base';
import type { Credential } from '#libs/rtsp';
import { open } from '#libs/secret';
import type { CameraConfig, CameraSource, StreamConfig } from './camera-source.ts';
import type { CameraRow, Store } from './store.ts';

/** Notifications say when to look; this is for those that were lost with their connection. */
const POLL_MS = 10_000;
const RETRY = { firstMs: 250, maxMs: 5_000, jitter: 0.3 };

const credential = z.object({ username: z.string().max(64), password: z.string().max(128) });

/** What one connection tells its reader: that something changed, that it ended. */
class Link {
  private readonly ended = new AbortController();
  private nudge = new AbortController();
  readonly signal: AbortSignal;
  reason: string | undefined;

  constructor(stop: AbortSignal) {
    this.signal = AbortSignal.any([stop, this.ended.signal]);
  }

  changed(): void {
    this.nudge.abort();
  }

  lost(reason: string): void {
    this.reason ??= reason;
    this.ended.abort();
  }

  /** What changes from now on is not in the reading that begins. */
  reading(): void {
    this.nudge = new AbortController();
  }

  async wait(clock: Clock): Promise<void> {
    await sleep(clock, POLL_MS, AbortSignal.any([this.signal, this.nudge.signal]));
  }
}

/** The cameras of the database. Outlives it: what was read last stays in force until something newer can be read. */
export class PostgresCameraSource implements CameraSource {
  constructor(
    private readonly store: Store,
    private readonly credentialKey: Buffer,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  async run(tell: (cameras: readonly CameraConfig[]) => void, signal: AbortSignal): Promise<void> {
    const backoff = new Backoff(RETRY);
    while (!signal.aborted) {
      try {
        await this.runOnce(tell, signal, () => backoff.reset());
      } catch (error) {
        this.log.warn({ reason: reasonOf(error) }, 'cameras cannot be read, going on with those that are known');
      }
      await sleep(this.clock, backoff.nextMs(), signal);
    }
  }

  /** One connection: listens, reads, and reads again whenever told or after {@link POLL_MS}, until it breaks. */
  private async runOnce(
    tell: (cameras: readonly CameraConfig[]) => void,
    signal: AbortSignal,
    works: () => void,
  ): Promise<void> {
    const link = new Link(signal);
    const listener = await this.store.listen(
      () => link.changed(),
      (reason) => link.lost(reason),
    );
    try {
      while (!link.signal.aborted) {
        link.reading();
        tell((await this.store.cameras()).map((row) => this.configOf(row)));
        works();
        await link.wait(this.clock);
      }
      if (link.reason !== undefined && !signal.aborted) throw new Error(link.reason);
    } finally {
      await listener.close().catch(() => {});
    }
  }

  private configOf(row: CameraRow): CameraConfig {
    return {
      id: row.id,
      code: row.code,
      host: row.host,
      credential: row.streamName === null ? this.credentialOf(row) : ok(undefined),
      warm: row.warm,
      transport: row.transport,
      withAudio: row.withAudio,
      clockErrorMs: row.clockErrorMs ?? undefined,
      clockUncertaintyMs: row.clockUncertaintyMs ?? undefined,
      ...(row.streamName === null ? { streams: row.streams.map(streamOf) } : pushOf(row, row.streamName)),
    };
  }

  private credentialOf(row: CameraRow): Result<Credential | undefined> {
    const plain = open(this.credentialKey, row.credentialSealed, row.id);
    const parsed = plain && credential.safeParse(jsonOf(plain));
    if (parsed?.success) return ok(parsed.data.username === '' ? undefined : parsed.data);
    const message = "the camera's stored login cannot be opened with this installation's key: enter it again";
    return refused(refusal('unavailable', 'credential-unreadable', message));
  }
}

function streamOf({ role, uri, framesPerSecond }: CameraRow['streams'][number]): StreamConfig {
  return { role, uri, framesPerSecond: framesPerSecond ?? undefined };
}

/** What is stored of its stream is what we wrote ourselves when it last came: it says nothing about the next time. */
function pushOf({ keyHash }: CameraRow, streamName: string): Pick<CameraConfig, 'push' | 'streams'> {
  const stream: StreamConfig = { role: 'main', uri: '', framesPerSecond: undefined };
  return { push: { streamName, keyHash: keyHash ?? undefined }, streams: [stream] };
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
