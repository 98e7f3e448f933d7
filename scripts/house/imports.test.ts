import { describe, expect, it } from '@jest/globals';
import { PROJECT_ROOT } from '../supervisor/settings.ts';
import { cycles, impureLibs, importsIn, wrongDirections } from './imports.ts';
import { readTree, told, treeOf } from './source-tree.ts';

const tree = readTree(PROJECT_ROOT);

describe('imports go one way', () => {
  it.each([
    ['a lib from an app', 'libs/rtp/a.ts', "import { x } from '../../apps/api/src/main.ts';"],
    ['one app from another', 'apps/relay/src/a.ts', "import type { X } from '../../api/src/config.ts';"],
    ['the simulator from a parser', 'camera-sim/a.ts', "import { parse } from '#libs/rtsp';"],
    ['the console from a server lib', 'apps/console/wall/a.tsx', "const x = await import('#libs/secret');"],
    ['past an index', 'apps/api/src/a.ts', "import { x } from '#libs/rtp/header.ts';"],
    ['a lib by a path', 'libs/rtp/a.ts', "export { x } from '../base/clock.ts';"],
    ['a type in a type', 'libs/rtp/a.ts', "let x: import('../../camera-sim/model.ts').SimCamera;"],
    ['scripts from code that ships', 'libs/rtp/a.ts', "import { mutate } from '../../scripts/fuzz/mutate.ts';"],
  ])('sees %s', (_what, path, text) => {
    expect(wrongDirections(treeOf({ [path]: text }))).toHaveLength(1);
  });

  it('lets through what the plan allows', () => {
    const allowed = treeOf({
      'libs/rtp/a.ts': "import { ok } from '#libs/base'; import { b } from './b.ts'; import { z } from 'zod';",
      'libs/rtp/a.test.ts': "import { mutate } from '../../scripts/fuzz/mutate.ts'; import { a } from '#libs/rtp';",
      'apps/api/src/data-source.ts': "import { M } from '../../../migrations/1-m.ts';",
      'apps/console/wall/a.tsx': "import { z } from '#libs/wire';",
      'camera-sim/a.ts': "import { ok } from '#libs/base';",
      'scripts/fuzz.ts': "import { CASES } from '../libs/rtp/fuzz-cases.ts';",
    });
    expect(told(wrongDirections(allowed))).toEqual([]);
    expect(importsIn(allowed)).toHaveLength(9);
  });

  it('holds in this tree', () => {
    expect(importsIn(tree).length).toBeGreaterThan(100);
    expect(told(wrongDirections(tree))).toEqual([]);
  });
});

describe('no file imports itself by way of others', () => {
  it('sees a ring of three, and of types', () => {
    const ring = treeOf({
      'libs/rtp/a.ts': "import { b } from './b.ts';",
      'libs/rtp/b.ts': "import type { C } from './c.ts';",
      'libs/rtp/c.ts': "export { a } from './a.ts';",
      'libs/rtp/d.ts': "import { a } from './a.ts';",
    });
    expect(told(cycles(ring))).toEqual([
      'libs/rtp/c.ts:1 cycle: libs/rtp/a.ts -> libs/rtp/b.ts -> libs/rtp/c.ts -> libs/rtp/a.ts',
    ]);
  });

  it('sees a ring of libs through their indexes', () => {
    const ring = treeOf({
      'libs/a/index.ts': "export { x } from './x.ts';",
      'libs/a/x.ts': "import { y } from '#libs/b';",
      'libs/b/index.ts': "import { x } from '#libs/a';",
    });
    expect(cycles(ring)).toHaveLength(1);
  });

  it('takes a diamond for none', () => {
    const diamond = treeOf({
      'libs/a/a.ts': "import './b.ts'; import './c.ts';",
      'libs/a/b.ts': "import './d.ts';",
      'libs/a/c.ts': "import './d.ts';",
      'libs/a/d.ts': '',
    });
    expect(cycles(diamond)).toEqual([]);
  });

  it('holds in this tree', () => {
    expect(told(cycles(tree))).toEqual([]);
  });
});

describe('libs are pure', () => {
  it.each(['node:net', 'node:fs', 'node:dgram', 'node:http', '@nestjs/common', 'typeorm', 'react', 'pg'])(
    'sees %s',
    (name) => {
      expect(impureLibs(treeOf({ 'libs/rtp/a.ts': `import x from '${name}';` }))).toHaveLength(1);
    },
  );

  it('holds in this tree', () => {
    expect(told(impureLibs(tree))).toEqual([]);
  });
});
