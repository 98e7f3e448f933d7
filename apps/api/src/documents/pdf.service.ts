import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { RefusalError, reasonOf, refusal, type Logger } from '#libs/base';
import { CLOCK, type Clock } from '../clock.ts';
import { LOGGER } from '../logging.ts';
import { checkDocument, type PrintedDocument } from './document.ts';
import { printPdf } from './pdf-print.ts';

/** Documents that wait for the press; more are refused. */
const MAX_WAITING = 8;
const MAX_PRINT_MS = 30_000;
const MAX_HEAP_MB = 384;

/** The compiled thread. Where the api runs from its sources (tests) there is none, and it prints in its own thread. */
const WORKER_FILE = fileURLToPath(new URL('./pdf-worker.js', import.meta.url));

/** Prints documents, one at a time, beside the api's own work: dispatch does not wait for a report. */
@Injectable()
export class PdfService implements OnModuleDestroy {
  private readonly stopping = new AbortController();
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;

  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleDestroy(): void {
    this.stopping.abort();
  }

  /**
   * The bytes of a PDF file of A4 pages.
   * @throws {RefusalError} `document-too-large`, `document-busy`, `document-failed`.
   */
  async print(document: PrintedDocument): Promise<Buffer> {
    const checked = checkDocument(document);
    if (!checked.ok) throw new RefusalError(checked.refusal);
    if (this.waiting >= MAX_WAITING)
      throw new RefusalError(refusal('too-many', 'document-busy', `${MAX_WAITING} documents wait to be printed`));
    this.waiting++;
    const turn = this.last.then(() => this.printNow(document));
    this.last = turn.catch(() => undefined);
    try {
      return Buffer.from(await turn);
    } catch (thrown) {
      this.logger.error({ title: document.title, reason: reasonOf(thrown) }, 'a document was not printed');
      throw new RefusalError(refusal('unavailable', 'document-failed', 'the document could not be printed'));
    } finally {
      this.waiting--;
    }
  }

  private printNow(document: PrintedDocument): Promise<Uint8Array> {
    this.stopping.signal.throwIfAborted();
    return existsSync(WORKER_FILE) ? this.printInThread(document) : printPdf(document);
  }

  private printInThread(document: PrintedDocument): Promise<Uint8Array> {
    const worker = new Worker(WORKER_FILE, {
      workerData: document,
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
    });
    return new Promise<Uint8Array>((resolve, reject) => {
      const stop = (): void => reject(new Error('the api stops'));
      const tooLong = this.clock.after(MAX_PRINT_MS, () => reject(new Error(`not printed in ${MAX_PRINT_MS} ms`)));
      this.stopping.signal.addEventListener('abort', stop, { once: true });
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', () => {
        tooLong.cancel();
        this.stopping.signal.removeEventListener('abort', stop);
        reject(new Error('the press ended without a document'));
      });
    }).finally(() => void worker.terminate());
  }
}
