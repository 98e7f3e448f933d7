import { closeSync, fstatSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';

export interface LogBounds {
  /** A file that would grow beyond this is put aside first. */
  readonly maxBytes: number;
  /** Files put aside that are kept: `x.log.1` is the youngest. */
  readonly keep: number;
}

/**
 * A log file with a bounded size. Written at once and in order: what a process said just before it was killed is on
 * disk. A full disk loses lines, counted in {@link lostWrites}; it never stops who writes.
 */
export class RotatingLog {
  private handle: number | undefined;
  private sizeBytes = 0;
  private lost = 0;

  constructor(
    private readonly file: string,
    private readonly bounds: LogBounds = { maxBytes: 10 * 1024 * 1024, keep: 4 },
  ) {}

  get lostWrites(): number {
    return this.lost;
  }

  write(text: string): void {
    const bytes = Buffer.from(text, 'utf8');
    try {
      const handle = this.open(bytes.length);
      writeSync(handle, bytes);
      this.sizeBytes += bytes.length;
    } catch {
      this.lost++;
      this.close();
    }
  }

  close(): void {
    if (this.handle !== undefined) closeSync(this.handle);
    this.handle = undefined;
  }

  private open(comingBytes: number): number {
    this.handle ??= this.append();
    if (this.sizeBytes === 0 || this.sizeBytes + comingBytes <= this.bounds.maxBytes) return this.handle;
    this.close();
    this.rotate();
    this.handle = this.append();
    return this.handle;
  }

  private append(): number {
    const handle = openSync(this.file, 'a', 0o600);
    this.sizeBytes = fstatSync(handle).size;
    return handle;
  }

  private rotate(): void {
    rmSync(this.name(this.bounds.keep), { force: true });
    for (let age = this.bounds.keep - 1; age >= 0; age--) {
      try {
        renameSync(this.name(age), this.name(age + 1));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      }
    }
  }

  private name(age: number): string {
    return age === 0 ? this.file : `${this.file}.${age}`;
  }
}
