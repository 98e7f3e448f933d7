import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Memory } from './memory.ts';
import { loadOptions } from './options.ts';

const ID = '00000000-0000-7000-8000-000000000000';

describe('Memory', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'atalaya-town-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('keeps what it was told, for its owner alone', () => {
    const file = join(folder, 'town.json');
    const memory = Memory.read(file);
    expect(memory.operator).toBeNull();
    const crew = { accountId: ID, username: 'tripulacion-halcon1', password: 'p' };
    const unit = { callSign: 'Halcón 1', unitId: ID, osmAndPath: '/api/positions/osmand/avl_x', crew };
    memory.operator = crew;
    memory.sectors.add('Puerto');
    memory.keep(unit);
    memory.save();
    memory.save();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['town.json']);
    const again = Memory.read(file);
    expect([again.operator, [...again.sectors], again.unit('Halcón 1')]).toEqual([crew, ['Puerto'], unit]);
  });

  it('does not take a file that somebody else wrote for its own', () => {
    const file = join(folder, 'other.json');
    writeFileSync(file, '[{"role":"administrator"}]');
    expect(() => Memory.read(file)).toThrow('remove it');
  });
});

describe('loadOptions', () => {
  it('has defaults and takes a whole run', () => {
    expect(loadOptions([])).toMatchObject({ units: 100, callsPerHour: 60, everyS: 1, url: 'http://127.0.0.1:8080' });
    const args = ['--units', '2000', '--calls-per-hour', '600', '--url', 'https://central.example/x', '--seed', 'a'];
    expect(loadOptions(args)).toMatchObject({
      units: 2000,
      callsPerHour: 600,
      url: 'https://central.example',
      seed: 'a',
    });
  });

  it.each([
    ['--units', '0'],
    ['--units', '5001'],
    ['--units', '1e3'],
    ['--calls-per-hour', '-1'],
    ['--every-s', '61'],
    ['--max-open', '501'],
    ['--url', 'ftp://x'],
    ['--url', 'http://user:secret@x'],
  ])('names %s when it is %s', (option, value) => {
    expect(() => loadOptions([`${option}=${value}`])).toThrow(option);
  });
});
