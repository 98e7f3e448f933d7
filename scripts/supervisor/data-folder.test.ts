import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { openDataFolder } from './data-folder.ts';

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'atalaya-folder-'));
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(place, { recursive: true, force: true });
});

/** As another user would see it. The rule reads only this, so that the test needs no second user. */
function as(uid: number): void {
  jest.spyOn(process as { getuid(): number }, 'getuid').mockReturnValue(uid);
}

describe('openDataFolder', () => {
  it('makes the folders for the owner alone, and opens them again', () => {
    const path = join(place, 'data');
    for (let start = 0; start < 2; start++) expect(openDataFolder(path)).toMatchObject({ ok: true });
    for (const name of ['keys', 'logs', 'run']) expect(statSync(join(path, name)).mode & 0o077).toBe(0);
  });

  it.each([
    ['root', 0],
    ['a normal user', 4_321],
  ])('refuses %s the folder of somebody else, names the owner and touches nothing', (_who, uid) => {
    const path = join(place, 'data');
    mkdirSync(join(path, 'keys'), { recursive: true });
    const real = process.getuid!();
    // Root can make it a normal user's; anybody else is one.
    const owner = real === 0 ? 1_234 : real;
    if (real === 0) chownSync(join(path, 'keys'), owner, owner);
    as(uid);
    const opened = openDataFolder(path);
    expect(opened).toMatchObject({ ok: false, refusal: { code: 'data-folder-of-another' } });
    expect(opened.ok ? '' : opened.refusal.message).toMatch(new RegExp(`uid ${owner}\\b.*uid ${uid}\\b`));
    expect(existsSync(join(path, 'run'))).toBe(false);
  });

  it('takes a folder that an administrator made ready and that holds nothing yet', () => {
    const path = join(place, 'ready');
    mkdirSync(path, { mode: 0o777 });
    chmodSync(path, 0o777);
    expect(openDataFolder(path)).toMatchObject({ ok: true });
    expect(spawnSync('ls', [path]).stdout.toString().split('\n')).toEqual(['keys', 'logs', 'run', '']);
  });
});
