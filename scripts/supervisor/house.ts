import { join } from 'node:path';
import type { Clock } from '#libs/base';
import { ChildLog } from './child-log.ts';
import { SupervisedChild, type ChildSpec, type ChildState } from './child.ts';
import type { DataFolder } from './data-folder.ts';
import { RotatingLog } from './rotating-log.ts';
import { childNews, type Terminal } from './say.ts';
import { ProcessRecord } from './survivors.ts';

/** All children of one supervisor, and the order in which they are stopped. */
export class House {
  private readonly children: SupervisedChild[] = [];
  private readonly down = new Set<string>();
  private readonly record: ProcessRecord;
  private closing = false;

  constructor(
    private readonly folder: DataFolder,
    private readonly terminal: Terminal,
    private readonly clock: Clock,
  ) {
    this.record = new ProcessRecord(folder.recordFile);
  }

  /** Keeps a program running from now on. */
  start(spec: ChildSpec): SupervisedChild {
    const child = new SupervisedChild(spec, {
      clock: this.clock,
      log: this.logOf(spec.name),
      record: this.record,
      onChange: (name, state) => this.tellNews(name, state),
    });
    this.children.push(child);
    child.start();
    return child;
  }

  logOf(name: string): ChildLog {
    const file = new RotatingLog(join(this.folder.logs, `${name}.log`));
    return new ChildLog(file, this.clock, (text) => this.showProblem(name, text));
  }

  /** Last started, first stopped: the database outlives all who use it. Resolves `false` when one had to be killed. */
  async stopAll(): Promise<boolean> {
    this.closing = true;
    let gentle = true;
    for (const child of this.children.toReversed()) gentle = (await child.stop()) && gentle;
    return gentle;
  }

  private showProblem(name: string, text: string): void {
    if (!this.closing) this.terminal.line(name, `! ${text}`);
  }

  private tellNews(name: string, state: ChildState): void {
    if (this.closing) return;
    const news = childNews(state, this.down.has(name));
    if (state.kind === 'waiting') this.down.add(name);
    if (state.kind === 'running') this.down.delete(name);
    if (news !== undefined) this.terminal.line(name, news);
  }
}
