import { ErrorCounter, reasonOf, sleep, type Clock, type Logger } from '#libs/base';
import type { TrackFormat } from '#libs/codec';
import type { CameraRelay } from '../camera-relay.ts';
import type { Store } from '../store.ts';

const LOOK_MS = 1_000;
const REPORT_MS = 10_000;

export interface FormatWriterOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  cameras(): Iterable<CameraRelay>;
}

/** Writes down what cameras that push send, when it is another thing than before: screens choose their player by it. */
export class FormatWriter {
  private written = new Map<string, TrackFormat>();
  private readonly errors: ErrorCounter;

  constructor(private readonly options: FormatWriterOptions) {
    const { clock, log } = options;
    const say = (count: number, reason: string): void => log.warn({ count, reason }, 'video formats cannot be written');
    this.errors = new ErrorCounter(clock, say, REPORT_MS);
  }

  async run(signal: AbortSignal): Promise<void> {
    while (await sleep(this.options.clock, LOOK_MS, signal)) await this.runOnce();
    this.errors.flush();
  }

  private async runOnce(): Promise<void> {
    const before = this.written;
    this.written = new Map();
    for (const { config, push } of this.options.cameras()) {
      const format = push?.format;
      if (!format) continue;
      const isWritten = before.get(config.id) === format || (await this.write(config.id, format));
      if (isWritten) this.written.set(config.id, format);
    }
  }

  private async write(cameraId: string, format: TrackFormat): Promise<boolean> {
    try {
      await this.options.store.writePushedFormat(cameraId, format);
      return true;
    } catch (error) {
      this.errors.add(reasonOf(error));
      return false;
    }
  }
}
