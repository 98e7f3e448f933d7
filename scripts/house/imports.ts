import { dirname, join } from 'node:path/posix';
import ts from 'typescript';
import { codeIn, isTestCode, lineOf, visitNodes, type SourceTree, type Violation } from './source-tree.ts';

export interface Import {
  readonly from: string;
  readonly line: number;
  readonly specifier: string;
  /** File of the tree that is meant; `undefined` for a package or one of Node's own modules. */
  readonly target: string | undefined;
}

/** Every import, re-export and `import()` of every file, types included: a wall is a wall for types too. */
export function importsIn(tree: SourceTree): Import[] {
  return codeIn(tree).flatMap(([path, text]) => {
    const found: Import[] = [];
    visitNodes(path, text, (node, source) => {
      const specifier = specifierOf(node);
      if (specifier) {
        const name = specifier.text;
        found.push({ from: path, line: lineOf(node, source), specifier: name, target: targetOf(path, name) });
      }
    });
    return found;
  });
}

function specifierOf(node: ts.Node): ts.StringLiteralLike | undefined {
  const literal = (expression: ts.Node | undefined): ts.StringLiteralLike | undefined =>
    expression && ts.isStringLiteralLike(expression) ? expression : undefined;
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return literal(node.moduleSpecifier);
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return literal(node.argument.literal);
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
    return literal(node.arguments[0]);
  return undefined;
}

function targetOf(from: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return join(dirname(from), specifier.replace(/\?.*$/, ''));
  const lib = /^#libs\/(.+)$/.exec(specifier)?.[1];
  if (lib === undefined) return undefined;
  return lib.includes('/') ? `libs/${lib}` : `libs/${lib}/index.ts`;
}

/** The house's rooms: `libs/rtp`, `apps/api`, `camera-sim`, … */
export function roomOf(path: string): string {
  const [first, second] = path.split('/');
  return first === 'libs' || first === 'apps' ? `${first}/${second}` : first!;
}

/** What each room may use beside itself. `libs/*` means any lib. */
const MAY_USE: Readonly<Record<string, readonly string[]>> = {
  'apps/api': ['libs/*', 'migrations'],
  'apps/relay': ['libs/*'],
  // Evidence's verifier and the tiles' client side run in the browser too.
  'apps/console': [
    'libs/wire',
    'libs/geo',
    'libs/scheme',
    'libs/base',
    'libs/access',
    'libs/dispatch',
    'libs/shift',
    'libs/avl',
    'libs/evidence',
    'libs/tiles',
  ],
  // It shares no parser with what it tests.
  'camera-sim': ['libs/base'],
  migrations: [],
  bench: ['libs/*', 'camera-sim', 'scripts'],
  scripts: ['libs/*', 'camera-sim', 'bench'],
};
const LIB_MAY_USE = ['libs/*'];
/** Tests of any room may use what the test run provides; those of processes start the town of pretend cameras. */
const TESTS_MAY_USE = ['scripts', 'camera-sim'];
/** The long fuzz run shares each parser's table of cases with its test; a table is no part of a lib's face. */
const FUZZ_RUN = 'scripts/fuzz.ts';

export function wrongDirections(tree: SourceTree): Violation[] {
  return importsIn(tree).flatMap((one) => {
    const problem = one.target === undefined ? undefined : problemWith(one, one.target);
    return problem === undefined ? [] : [{ path: one.from, line: one.line, message: problem }];
  });
}

function problemWith({ from, specifier }: Import, target: string): string | undefined {
  const here = roomOf(from);
  const there = roomOf(target);
  const byName = specifier.startsWith('#libs/');
  if (byName && specifier.split('/').length > 2) return `${specifier} reaches past the index of ${there}`;
  if (from === FUZZ_RUN && target.endsWith('/fuzz-cases.ts')) return undefined;
  if (here === there) return byName && !isTestCode(from) ? `${specifier} imports its own index` : undefined;
  const allowed = here.startsWith('libs/') ? LIB_MAY_USE : (MAY_USE[here] ?? []);
  const extra = isTestCode(from) ? TESTS_MAY_USE : [];
  if (![...allowed, ...extra].some((room) => room === there || (room === 'libs/*' && there.startsWith('libs/')))) {
    return `${here} may not use ${there}`;
  }
  return there.startsWith('libs/') && !byName ? `write #libs/${there.slice(5)} instead of ${specifier}` : undefined;
}

/** Files that import each other in a ring, each ring told once. */
export function cycles(tree: SourceTree): Violation[] {
  const edges = new Map<string, Import[]>();
  for (const one of importsIn(tree)) {
    if (one.target !== undefined && tree.has(one.target)) edges.set(one.from, [...(edges.get(one.from) ?? []), one]);
  }
  const done = new Set<string>();
  const found: Violation[] = [];
  const walk = (path: string, trail: readonly string[]): void => {
    for (const { target, line } of edges.get(path) ?? []) {
      const at = trail.indexOf(target!);
      if (at >= 0) found.push({ path, line, message: `cycle: ${[...trail.slice(at), target].join(' -> ')}` });
      else if (!done.has(target!)) walk(target!, [...trail, target!]);
    }
    done.add(path);
  };
  for (const path of edges.keys()) if (!done.has(path)) walk(path, [path]);
  return found;
}

/** Node's modules with no outside world behind them. */
const PURE_NODE = new Set(['node:crypto', 'node:util', 'node:assert', 'node:string_decoder', 'node:zlib']);
/** Packages that compute and do nothing else. */
const PURE_PACKAGES = new Set(['zod', 'polyclip-ts', 'fast-xml-parser']);
/** A typed face over a package that opens sockets of its own: held-cam.ts puts a request of ours in their place. */
const PURITY_EXCEPTIONS: Readonly<Record<string, readonly string[]>> = { 'libs/onvif': ['onvif'] };

/** Libs take bytes or values and give values: no socket, file, framework or screen. */
export function impureLibs(tree: SourceTree): Violation[] {
  return importsIn(tree)
    .filter(({ from, target }) => from.startsWith('libs/') && !isTestCode(from) && target === undefined)
    .filter(({ from, specifier }) => {
      const allowed = PURITY_EXCEPTIONS[roomOf(from)] ?? [];
      return !PURE_NODE.has(specifier) && !PURE_PACKAGES.has(specifier) && !allowed.includes(specifier);
    })
    .map(({ from, line, specifier }) => ({ path: from, line, message: `a lib may not use ${specifier}` }));
}
