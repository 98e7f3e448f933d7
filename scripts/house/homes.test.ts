import { describe, expect, it } from '@jest/globals';
import { PROJECT_ROOT } from '../supervisor/settings.ts';
import { environmentOutsideItsHome, timeOutsideItsHome } from './homes.ts';
import { readTree, told, treeOf } from './source-tree.ts';

const tree = readTree(PROJECT_ROOT);

describe('the clock is a parameter', () => {
  it.each([
    'const now = Date.now();',
    "const now = Date['now']();",
    'const at = new Date();',
    'const at = new Date;',
    'const t = performance.now();',
    'const t = globalThis.performance.now();',
    'setTimeout(() => {}, 10);',
    'window.setInterval(() => {}, 10);',
    'const f = Date.now;',
  ])('sees %s', (text) => {
    expect(timeOutsideItsHome(treeOf({ 'libs/rtp/a.ts': text }))).toHaveLength(1);
    expect(timeOutsideItsHome(treeOf({ 'apps/console/wall/a.tsx': text }))).toHaveLength(1);
  });

  it('lets through what reads no clock, tests, and the home', () => {
    const fine = treeOf({
      'libs/rtp/a.ts': '// Date.now()\nconst a = new Date(atMs); const b = "setTimeout("; socket.setTimeout(5);',
      'libs/rtp/a.test.ts': 'Date.now();',
      'libs/base/clock.ts': 'Date.now();',
    });
    expect(told(timeOutsideItsHome(fine))).toEqual([]);
  });

  it('holds in this tree', () => {
    expect(told(timeOutsideItsHome(tree))).toEqual([]);
  });
});

describe('the environment is read in one place per program', () => {
  it.each([
    "const x = process.env['HOME'];",
    'const { HOME } = process.env;',
    "const e = process['env'];",
    'const x = import.meta.env.MODE;',
  ])('sees %s', (text) => {
    expect(environmentOutsideItsHome(treeOf({ 'apps/api/src/cameras/a.ts': text }))).toHaveLength(1);
  });

  it('holds in this tree', () => {
    expect(told(environmentOutsideItsHome(tree))).toEqual([]);
  });
});
