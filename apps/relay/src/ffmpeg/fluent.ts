import type { ChildProcess } from 'node:child_process';
import { PassThrough, Writable } from 'node:stream';
import createCommand, { type FfmpegCommand } from 'fluent-ffmpeg';
import { reasonOf } from '#libs/base';

/**
 * The one file that knows the package `fluent-ffmpeg`, which is no longer developed. It is used for what it does well (find
 * the program, ask it what it can, build its arguments, start it niced, pass its streams on) and trusted with nothing
 * else: time limits, bounds and the end of processes are ours.
 */

/** Below everything that a person waits for; the scheduler gives the rest. */
const NICENESS = 10;
/** Lines of standard error that are kept for a log line. */
const KEPT_LINES = 8;

/** What one run of ffmpeg does: from standard input to standard output. Never holds an address or a login. */
export interface FfmpegOrder {
  /** Options before `-i pipe:0`. */
  readonly input: readonly string[];
  /** Options before `pipe:1`. */
  readonly output: readonly string[];
}

export interface FfmpegEvents {
  /** It runs; `pid` is its own (nice(1) becomes ffmpeg). */
  onStart?(pid: number): void;
  onData(chunk: Buffer): void;
  /** Once, last: everything that it wrote was told. `problem` is a text for the log; undefined when it ended well. */
  onEnd(problem: string | undefined): void;
}

/** A run as its user sees it. */
export interface Run {
  /** Bytes that it has not taken yet. */
  readonly heldBytes: number;
  write(chunk: Buffer): void;
  /** Nothing more will come: it ends by itself when it has written what it makes of that. */
  finish(): void;
  /** Ends it at once (SIGKILL: it writes no files). Its `onEnd` follows. */
  stop(): void;
}

/** What the installed ffmpeg can do. */
export interface FfmpegTools {
  readonly canEncodeH264: boolean;
  readonly canEncodeJpeg: boolean;
}

/** @param path of the program; undefined: found on PATH. Throws when there is none, or it cannot be run. */
export function lookAtFfmpeg(path: string | undefined): Promise<FfmpegTools> {
  const command = createCommand();
  if (path !== undefined) command.setFfmpegPath(path);
  return new Promise((resolve, reject) => {
    command.availableFormats((formatsError) => {
      if (formatsError) return reject(asError(formatsError));
      command.availableEncoders((error, encoders) => {
        if (error) return reject(asError(error));
        const has = (name: string): boolean => Object.hasOwn(encoders ?? {}, name);
        resolve({ canEncodeH264: has('libx264'), canEncodeJpeg: has('mjpeg') });
      });
    });
  });
}

export function startFfmpeg(order: FfmpegOrder, events: FfmpegEvents): Run {
  return new FluentRun(order, events);
}

class FluentRun implements Run {
  private readonly feed = new PassThrough();
  private readonly command: FfmpegCommand & { readonly ffmpegProc?: ChildProcess };
  private readonly output: Writable;
  private isStopped = false;
  private isOver = false;

  constructor(
    order: FfmpegOrder,
    private readonly events: FfmpegEvents,
  ) {
    // Neither closes by itself: the package takes that for "nobody reads" and calls a good end an error.
    this.output = new Writable({
      autoDestroy: false,
      emitClose: false,
      write: (chunk, _encoding, done) => this.take(chunk, done),
    });
    // What ffmpeg leaves in its pipe when it ends is no error of ours.
    this.feed.on('error', () => {});
    this.command = createCommand({ niceness: NICENESS, stdoutLines: KEPT_LINES });
    this.command
      .input(this.feed)
      .inputOptions([...order.input])
      .outputOptions([...order.output])
      .output(this.output);
    this.command.on('start', () => this.started());
    this.command.on('end', () => this.ended());
    this.command.on('error', (error: unknown) => this.end(reasonOf(error)));
    this.command.run();
  }

  get heldBytes(): number {
    return this.feed.readableLength + this.feed.writableLength + (this.command.ffmpegProc?.stdin?.writableLength ?? 0);
  }

  write(chunk: Buffer): void {
    if (!this.isOver && !this.feed.writableEnded) this.feed.write(chunk);
  }

  finish(): void {
    this.feed.end();
  }

  stop(): void {
    this.isStopped = true;
    this.feed.destroy();
    if (this.command.ffmpegProc) this.command.kill('SIGKILL');
  }

  private take(chunk: Buffer, done: () => void): void {
    if (!this.isStopped) this.events.onData(chunk);
    done();
  }

  private started(): void {
    const pid = this.command.ffmpegProc?.pid;
    // Told to stop while the package was still getting ready.
    if (this.isStopped) this.command.kill('SIGKILL');
    if (pid !== undefined) this.events.onStart?.(pid);
  }

  /** The process has ended well; what it wrote may still be on its way. */
  private ended(): void {
    if (this.output.writableFinished) this.end(undefined);
    else this.output.once('finish', () => this.end(undefined));
  }

  private end(problem: string | undefined): void {
    if (this.isOver) return;
    this.isOver = true;
    this.feed.destroy();
    this.events.onEnd(problem);
  }
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
