import ts from 'typescript';
import { codeIn, isTestCode, visitNodes, type SourceTree } from './source-tree.ts';

const KEY = /^(ATALAYA_[A-Z0-9_]+|DATABASE_URL)$/;
/** A row of a settings table begins with the key in code marks. */
const ROW = /^\|\s*`(ATALAYA_[A-Z0-9_]+|DATABASE_URL)`\s*\|([^|]*)\|([^|]*)\|/;
const PAGES = ['docs/settings.md', 'README.md'];

/** Keys that something looks up: a string, or the name of a property (zod's object, `env.ATALAYA_X`). */
export function keysRead(tree: SourceTree, isReader: (path: string) => boolean = () => true): Set<string> {
  const keys = new Set<string>();
  const read = codeIn(tree).filter(([path]) => isReader(path));
  const plain = [...tree].filter(([path]) => path.endsWith('.mjs'));
  for (const [path, text] of [...read, ...plain]) {
    visitNodes(path, text, (node) => {
      if (ts.isPropertyAccessExpression(node) && KEY.test(node.name.text)) keys.add(node.name.text);
      const name = ts.isStringLiteral(node) || ts.isIdentifier(node) ? node.text : '';
      if (KEY.test(name)) keys.add(name);
    });
  }
  return keys;
}

/** Keys that have a row with a default and a meaning. */
export function keysDocumented(tree: SourceTree): Set<string> {
  const keys = new Set<string>();
  for (const page of PAGES) {
    for (const line of (tree.get(page) ?? '').split('\n')) {
      const [, key, fallback, meaning] = ROW.exec(line) ?? [];
      if (key !== undefined && fallback!.trim() !== '' && meaning!.trim() !== '') keys.add(key);
    }
  }
  return keys;
}

/** A setting that nobody can find, and one that nothing reads, are both defects. */
export function settingProblems(tree: SourceTree): string[] {
  const read = keysRead(tree);
  const documented = keysDocumented(tree);
  // A test may make up any key; one that is documented may be a test's.
  const inPrograms = keysRead(tree, (path) => !isTestCode(path));
  return [
    ...[...inPrograms].filter((key) => !documented.has(key)).map((key) => `${key} is read and not in ${PAGES[0]}`),
    ...[...documented].filter((key) => !read.has(key)).map((key) => `${key} is documented and nothing reads it`),
  ].sort();
}
