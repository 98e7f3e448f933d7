import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loginTable, markShown, readLogins, unshownLogins } from './logins.ts';

const LOGINS = [
  { role: 'administrator', username: 'administrador', password: 'aaaa-bbbb' },
  { role: 'operator', username: 'operador', password: 'cccc-dddd' },
] as const;

let folder: string;
let file: string;
let mark: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'atalaya-logins-'));
  file = join(folder, 'demo-logins.json');
  mark = join(folder, 'shown');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('logins', () => {
  it('are shown once, and again only when they are others', () => {
    expect(unshownLogins(file, mark)).toEqual([]);
    writeFileSync(file, JSON.stringify(LOGINS));
    expect(unshownLogins(file, mark)).toEqual(LOGINS);
    markShown(readLogins(file), mark);
    expect(unshownLogins(file, mark)).toEqual([]);
    writeFileSync(file, JSON.stringify([{ ...LOGINS[0], password: 'eeee-ffff' }]));
    expect(unshownLogins(file, mark)).toHaveLength(1);
  });

  it('stand in columns', () => {
    expect(loginTable(LOGINS)).toEqual([
      'Administración   administrador   aaaa-bbbb',
      'Cámaras          operador        cccc-dddd',
    ]);
  });

  it('refuse a file that is something else', () => {
    writeFileSync(file, JSON.stringify([{ role: 'king', username: 'x', password: 'y' }]));
    expect(() => readLogins(file)).toThrow();
  });
});
