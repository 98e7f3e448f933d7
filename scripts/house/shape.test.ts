import { describe, expect, it } from '@jest/globals';
import { PROJECT_ROOT } from '../supervisor/settings.ts';
import { explicitAny, exportStars, idleReasons, longFiles, skippedTests, wrongNames } from './shape.ts';
import { readTree, told, treeOf } from './source-tree.ts';

const tree = readTree(PROJECT_ROOT);

describe('files have the shape of the house', () => {
  it('sees export *', () => {
    expect(exportStars(treeOf({ 'libs/a/index.ts': "export * from './b.ts';" }))).toHaveLength(1);
    expect(
      exportStars(treeOf({ 'libs/a/index.ts': "export * as b from './b.ts'; export { c } from './c.ts';" })),
    ).toEqual([]);
    expect(told(exportStars(tree))).toEqual([]);
  });

  it('sees any', () => {
    expect(explicitAny(treeOf({ 'libs/a/a.ts': 'let any: unknown; let x: any[]; // any' }))).toHaveLength(1);
    expect(told(explicitAny(tree))).toEqual([]);
  });

  it('sees tests that do not run', () => {
    const planted = [
      "it.skip('x', f);",
      "describe.only('x', f);",
      "it.todo('x');",
      "xit('x', f);",
      "test.only.each([])('x', f);",
      "fdescribe('x', f);",
    ];
    for (const text of planted) expect(skippedTests(treeOf({ 'libs/a/a.test.ts': text })).length).toBeGreaterThan(0);
    expect(skippedTests(treeOf({ 'libs/a/a.test.ts': "it.each([1])('x', f); queue.skip(3);" }))).toEqual([]);
    expect(told(skippedTests(tree))).toEqual([]);
  });

  it('sees long files', () => {
    expect(longFiles(treeOf({ 'libs/a/a.ts': 'x;\n'.repeat(401) }))).toHaveLength(1);
    expect(longFiles(treeOf({ 'libs/a/a.ts': 'x;\n'.repeat(400) }))).toEqual([]);
    expect(told(longFiles(tree))).toEqual([]);
    expect(idleReasons(tree)).toEqual([]);
  });

  it('sees names that say nothing or are written otherwise', () => {
    const planted = [
      'libs/a/utils.ts',
      'libs/common/a.ts',
      'libs/a/Camera.ts',
      'apps/api/src/x/camera_store.ts',
      'libs/a/b.thing.ts',
    ];
    for (const path of planted) expect(wrongNames(treeOf({ [path]: '' }))).toHaveLength(1);
    expect(wrongNames(treeOf({ 'apps/api/src/x/camera-store.store.ts': '', 'a/b.db.test.ts': '' }))).toEqual([]);
    expect(told(wrongNames(tree))).toEqual([]);
  });
});
