import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sleep, systemClock as clock } from '#libs/base';
import { ChildLog } from './child-log.ts';
import { CrashLoop, SupervisedChild, type ChildSpec, type ChildState } from './child.ts';
import { identify, stillRuns } from './process-table.ts';
import { RestartRule } from './restart-rule.ts';
import { RotatingLog } from './rotating-log.ts';
import { endSurvivors, ProcessRecord } from './survivors.ts';

/** A child that is ready when its file is there; what it does on SIGTERM is its script's. */
const OBEDIENT = `
  require('fs').writeFileSync(process.env.READY_FILE, String(process.pid));
  process.on('SIGTERM', () => process.exit(0));
  setInterval(() => {}, 1e6);
  console.log('hello');`;
const STUBBORN = OBEDIENT.replace('process.exit(0)', '{}');
const RESTART_BOUNDS = { firstMs: 20, maxMs: 50, loopExits: 3, windowMs: 60_000, loopWaitMs: 60_000, stableMs: 60_000 };
const DEADLINE_MS = 10_000;

let folder: string;
let readyFile: string;
let states: ChildState[];
let children: SupervisedChild[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'atalaya-child-'));
  readyFile = join(folder, 'ready');
  states = [];
  children = [];
});
afterEach(async () => {
  await Promise.all(children.map((child) => child.stop()));
  rmSync(folder, { recursive: true, force: true });
});

function supervised(script: string, extra: Partial<ChildSpec> = {}): SupervisedChild {
  const spec: ChildSpec = {
    name: 'tiny',
    command: process.execPath,
    args: ['-e', script],
    env: { READY_FILE: readyFile },
    cwd: folder,
    guard: { stop: 'SIGTERM', force: 'SIGKILL' },
    stopSteps: [{ signal: 'SIGTERM', waitMs: 300 }],
    ready: async () => void readFileSync(readyFile),
    readyWithinMs: 5_000,
    beforeStart: async () => rmSync(readyFile, { force: true }),
    ...extra,
  };
  const child = new SupervisedChild(spec, {
    clock,
    log: new ChildLog(new RotatingLog(join(folder, 'tiny.log')), clock, () => {}),
    record: new ProcessRecord(join(folder, 'pids.json')),
    onChange: (_name, state) => states.push(state),
    restartRule: new RestartRule(clock, RESTART_BOUNDS, () => 0),
  });
  children.push(child);
  return child;
}

function pidOf(child: SupervisedChild): number {
  if (child.state.kind !== 'running') throw new Error(`not running: ${child.state.kind}`);
  return child.state.pid;
}

async function until(condition: () => boolean): Promise<void> {
  const deadlineMs = clock.monotonicMs() + DEADLINE_MS;
  while (!condition()) {
    if (clock.monotonicMs() > deadlineMs) throw new Error('deadline passed');
    await sleep(clock, 10);
  }
}

describe('SupervisedChild', () => {
  it('starts, is ready, logs, and ends gently when told', async () => {
    const child = supervised(OBEDIENT);
    child.start();
    await child.whenReady();
    const pid = identify(pidOf(child))!;
    expect(JSON.parse(readFileSync(join(folder, 'pids.json'), 'utf8'))).toMatchObject([{ name: 'tiny', pid: pid.pid }]);
    await until(() => child.lastLines.includes('hello'));
    expect(await child.stop()).toBe(true);
    expect(stillRuns(pid)).toBe(false);
    expect(states.map((state) => state.kind)).toEqual(['starting', 'running', 'stopped']);
    expect(JSON.parse(readFileSync(join(folder, 'pids.json'), 'utf8'))).toEqual([]);
  });

  it('is started again after kill -9', async () => {
    const child = supervised(OBEDIENT);
    child.start();
    await child.whenReady();
    const first = pidOf(child);
    process.kill(first, 'SIGKILL');
    await until(() => child.state.kind === 'running' && child.state.pid !== first);
    expect(states.find((state) => state.kind === 'waiting')).toMatchObject({ why: 'señal SIGKILL', looping: false });
  });

  it('kills what does not obey, and says so', async () => {
    const child = supervised(STUBBORN);
    child.start();
    await child.whenReady();
    const pid = identify(pidOf(child))!;
    expect(await child.stop()).toBe(false);
    expect(stillRuns(pid)).toBe(false);
  });

  it('reports a crash loop with the last words', async () => {
    const child = supervised("console.error('no disk'); process.exit(7)");
    child.start();
    await expect(child.whenReady()).rejects.toThrow(CrashLoop);
    expect(child.state).toMatchObject({ kind: 'waiting', looping: true, why: 'código de salida 7' });
    expect(child.lastLines).toContain('no disk');
  });

  it('reports a program that is not there', async () => {
    const child = supervised('', { command: join(folder, 'nothing') });
    child.start();
    await expect(child.whenReady()).rejects.toThrow(/ENOENT/);
  });

  it('ends a child that never becomes ready', async () => {
    const child = supervised('setInterval(() => {}, 1e6)', { readyWithinMs: 200 });
    child.start();
    await expect(child.whenReady()).rejects.toThrow(/no respondía/);
  });

  it('stops while it waits to start again', async () => {
    const child = supervised('process.exit(1)');
    child.start();
    await expect(child.whenReady()).rejects.toThrow(CrashLoop);
    expect(await child.stop()).toBe(true);
    expect(child.state.kind).toBe('stopped');
  });
});

describe('endSurvivors', () => {
  it('ends what was recorded, and leaves a pid alone that is somebody else now', async () => {
    const left = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)']);
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)']);
    const file = join(folder, 'left.json');
    writeFileSync(
      file,
      JSON.stringify([
        { name: 'api', ...identify(left.pid!) },
        { name: 'relay', pid: other.pid, started: 'another-boot:1' },
      ]),
    );
    const gone = once(left, 'exit');
    expect(await endSurvivors(file, clock)).toEqual(['api']);
    await gone;
    expect(identify(other.pid!)).toBeDefined();
    other.kill('SIGKILL');
  });

  it('does nothing where there is no record or a damaged one', async () => {
    expect(await endSurvivors(join(folder, 'none.json'), clock)).toEqual([]);
    writeFileSync(join(folder, 'bad.json'), '[{"pid":');
    expect(await endSurvivors(join(folder, 'bad.json'), clock)).toEqual([]);
  });
});
