import { parentPort, workerData } from 'node:worker_threads';
import type { PrintedDocument } from './document.ts';
import { printPdf } from './pdf-print.ts';

/** A thread for one document: given as `workerData`, answered with the bytes of its file. */
const bytes = await printPdf(workerData as PrintedDocument);
const whole = new Uint8Array(bytes);
parentPort!.postMessage(whole, [whole.buffer]);
