import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { takeLock } from './lock.ts';
import { identify, stillRuns } from './process-table.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'atalaya-lock-'));
  file = join(folder, 'supervisor.lock');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('takeLock', () => {
  it('is given once, and again after its release', () => {
    const first = takeLock(file);
    expect(first.ok).toBe(true);
    const second = takeLock(file);
    expect(second).toMatchObject({ ok: false, refusal: { code: 'data-folder-in-use', details: { pid: process.pid } } });
    if (first.ok) first.value.release();
    expect(existsSync(file)).toBe(false);
    expect(takeLock(file).ok).toBe(true);
  });

  it('is taken over from a process that was killed', async () => {
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)']);
    writeFileSync(file, JSON.stringify(identify(other.pid!)));
    expect(takeLock(file).ok).toBe(false);
    other.kill('SIGKILL');
    await once(other, 'exit');
    expect(takeLock(file).ok).toBe(true);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ pid: process.pid });
  });

  it('does not believe a pid that another program has now', () => {
    writeFileSync(file, JSON.stringify({ pid: process.ppid, started: 'another-boot:1' }));
    expect(takeLock(file).ok).toBe(true);
  });

  it('takes a file over that is damaged', () => {
    writeFileSync(file, '{"pid":');
    expect(takeLock(file).ok).toBe(true);
  });
});

describe('identify', () => {
  it('knows this process and no process that never was', () => {
    const own = identify(process.pid);
    expect(own && stillRuns(own)).toBe(true);
    expect(identify(2 ** 30)).toBeUndefined();
  });
});
