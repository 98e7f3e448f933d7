import { basename, extname } from 'node:path/posix';
import ts from 'typescript';
import { codeIn, isCode, isTest, lineOf, visitNodes, type SourceTree, type Violation } from './source-tree.ts';

const MAX_LINES = 400;
/** Longer files and why they may be. */
const LONG_FILES: Readonly<Record<string, string>> = {
  'libs/wire/index.ts': 'the table of contents of the contract: a line for each name',
};

const FORBIDDEN_WORDS = new Set(['utils', 'util', 'common', 'helpers', 'helper', 'misc', 'shared', 'stuff', 'format2']);
const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*$/;
/** A file that holds one React component has the component's name. */
const COMPONENT = /^[A-Z][A-Za-z0-9]*\.tsx$/;
/** Parts of a file name after its first dot: `camera.entity.ts`, `x.db.test.ts`. */
const ROLES = new Set([
  'controller',
  'gateway',
  'service',
  'store',
  'entity',
  'adapter',
  'module',
  'guard',
  'filter',
  'test',
  'db',
  'e2e',
  'config',
  'd',
]);

export function exportStars(tree: SourceTree): Violation[] {
  return scan(tree, (node) =>
    ts.isExportDeclaration(node) && node.exportClause === undefined ? 'export *: name what is exported' : undefined,
  );
}

export function explicitAny(tree: SourceTree): Violation[] {
  return scan(tree, (node) => (node.kind === ts.SyntaxKind.AnyKeyword ? 'any: say what it is, or unknown' : undefined));
}

/** A test that does not run is a lie in green. */
export function skippedTests(tree: SourceTree): Violation[] {
  const tests = new Map([...tree].filter(([path]) => isTest(path)));
  return scan(tests, (node) => {
    if (ts.isPropertyAccessExpression(node) && /^(it|test|describe)\b/.test(node.expression.getText())) {
      return ['skip', 'only', 'todo', 'failing', 'skipIf', 'runIf'].includes(node.name.text)
        ? `${node.getText()} is not allowed`
        : undefined;
    }
    if (ts.isCallExpression(node) && /^(xit|fit|xtest|xdescribe|fdescribe)$/.test(node.expression.getText())) {
      return `${node.expression.getText()} is not allowed`;
    }
    return undefined;
  });
}

export function longFiles(tree: SourceTree): Violation[] {
  return codeIn(tree).flatMap(([path, text]) => {
    const lines = text.trimEnd().split('\n').length;
    if (lines <= MAX_LINES || path in LONG_FILES) return [];
    return [
      { path, line: lines, message: `${lines} lines, more than ${MAX_LINES}: cut it along a noun, or give a reason` },
    ];
  });
}

/** A reason that no file needs any more is removed. */
export function idleReasons(tree: SourceTree): string[] {
  return Object.keys(LONG_FILES).filter((path) => (tree.get(path) ?? '').trimEnd().split('\n').length <= MAX_LINES);
}

export function wrongNames(tree: SourceTree): Violation[] {
  return [...tree.keys()].filter(isCode).flatMap((path) => {
    const message = path
      .split('/')
      .map(nameProblem)
      .find((problem) => problem !== undefined);
    return message === undefined ? [] : [{ path, line: 1, message }];
  });
}

function nameProblem(part: string): string | undefined {
  const [name, ...roles] = (extname(part) === '' || part.startsWith('.') ? part : basename(part, extname(part))).split(
    '.',
  );
  if (part.startsWith('.') || COMPONENT.test(part)) return undefined;
  if (FORBIDDEN_WORDS.has(name!)) return `"${name}" says nothing: name the thing`;
  if (!KEBAB.test(name!)) return `"${part}" is not kebab-case`;
  const unknown = roles.find((role) => !ROLES.has(role));
  return unknown === undefined ? undefined : `"${part}": ${unknown} is no role that a file can have`;
}

function scan(tree: SourceTree, problemOf: (node: ts.Node) => string | undefined): Violation[] {
  return codeIn(tree).flatMap(([path, text]) => {
    const found: Violation[] = [];
    visitNodes(path, text, (node, source) => {
      const message = problemOf(node);
      if (message !== undefined) found.push({ path, line: lineOf(node, source), message });
    });
    return found;
  });
}
