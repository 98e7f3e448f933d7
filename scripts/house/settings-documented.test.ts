import { describe, expect, it } from '@jest/globals';
import { PROJECT_ROOT } from '../supervisor/settings.ts';
import { keysRead, settingProblems } from './settings-documented.ts';
import { readTree, treeOf } from './source-tree.ts';

describe('every setting is documented and read', () => {
  it('sees both defects, however the key is read', () => {
    const planted = treeOf({
      'apps/api/src/config.ts':
        "const schema = { ATALAYA_PORT: 1 }; env['ATALAYA_KEY']; env.DATABASE_URL; // ATALAYA_COMMENT",
      'apps/api/src/config.test.ts': "env['ATALAYA_ONLY_IN_A_TEST'];",
      'docs/settings.md': '| `ATALAYA_PORT` | 8080 | where |\n| `ATALAYA_OLD` | 1 | gone |\n| `DATABASE_URL` |  |  |',
    });
    expect(settingProblems(planted)).toEqual([
      'ATALAYA_KEY is read and not in docs/settings.md',
      'ATALAYA_OLD is documented and nothing reads it',
      'DATABASE_URL is read and not in docs/settings.md',
    ]);
  });

  it('holds in this tree', () => {
    const tree = readTree(PROJECT_ROOT);
    expect(keysRead(tree).size).toBeGreaterThan(10);
    expect(settingProblems(tree)).toEqual([]);
  });
});
