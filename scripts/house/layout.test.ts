import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { PROJECT_ROOT } from '../supervisor/settings.ts';
import { incompleteLibs, missingFromLockfile, registryAddresses, unplannedFolders } from './layout.ts';
import { readTree, treeOf } from './source-tree.ts';

const tree = readTree(PROJECT_ROOT);
const lockfile = readFileSync(join(PROJECT_ROOT, 'package-lock.json'), 'utf8');

describe('the house has the rooms of its plan', () => {
  it('sees a folder that nobody planned', () => {
    const planted = treeOf({
      'server/a.ts': '',
      'apps/web/src/a.ts': '',
      'libs/loose.ts': '',
      'README.md': '',
      'libs/rtp/a.ts': '',
    });
    expect(unplannedFolders(planted)).toEqual(['apps/web', 'libs/loose.ts', 'server']);
    expect(unplannedFolders(tree)).toEqual([]);
  });

  it('sees a lib without a page or a face', () => {
    expect(incompleteLibs(treeOf({ 'libs/rtp/a.ts': '', 'libs/rtp/README.md': '# RTP' }))).toEqual([
      'libs/rtp/index.ts',
    ]);
    expect(incompleteLibs(tree)).toEqual([]);
  });
});

describe('the lockfile', () => {
  it('names no registry', () => {
    expect(registryAddresses('"resolved": "https://registry.example/a/-/a-1.tgz"')).toHaveLength(1);
    expect(registryAddresses(lockfile)).toEqual([]);
  });

  it('is whole for every machine', () => {
    const planted = {
      packages: { 'node_modules/a': { optionalDependencies: { b: '1', c: '1' } }, 'node_modules/c': {} },
    };
    expect(missingFromLockfile(JSON.stringify(planted))).toEqual(['a -> b']);
    expect(missingFromLockfile(lockfile)).toEqual([]);
  });
});
