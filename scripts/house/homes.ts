import ts from 'typescript';
import { lineOf, productionCodeIn, visitNodes, type SourceTree, type Violation } from './source-tree.ts';

/** Where a reading of the clock or a bare timer may stand, and why. A folder ends in `/`. */
const TIME_HOMES: Readonly<Record<string, string>> = {
  'libs/base/clock.ts': 'the one home',
  'bench/': 'a program that measures time is its own clock, and holds its own process',
  'scripts/e2e/': 'used by tests alone, which wait on real processes',
  'scripts/town.ts': 'one timer holds the process between two reports',
  'scripts/supervise.ts': 'one timer holds the process while every child waits to start again',
};

/** Where the environment may be read. */
const ENV_HOMES: Readonly<Record<string, string>> = {
  'apps/api/src/config.ts': 'settings of the api',
  'apps/relay/src/config.ts': 'settings of the relay',
  'camera-sim/config.ts': 'settings of the simulator',
  'camera-sim/render/': 'the tool that draws the clips, run by hand',
  'scripts/': 'programs of the start and of the tests',
  'bench/': 'programs that pass their environment on to what they measure',
};

const BARE_TIMERS = new Set(['setTimeout', 'setInterval']);

export function timeOutsideItsHome(tree: SourceTree): Violation[] {
  return outside(tree, TIME_HOMES, (node) => {
    if (isProperty(node, 'Date', 'now') || isProperty(node, 'performance', 'now'))
      return `${node.getText()}: take a Clock`;
    if (ts.isNewExpression(node) && isNamed(node.expression, 'Date') && !node.arguments?.length) {
      return 'new Date() reads the clock: take a Clock';
    }
    if (!ts.isCallExpression(node)) return undefined;
    const callee = ts.isPropertyAccessExpression(node.expression) ? node.expression.name : node.expression;
    const global = !ts.isPropertyAccessExpression(node.expression) || isGlobal(node.expression.expression);
    if (!ts.isIdentifier(callee) || !global) return undefined;
    return BARE_TIMERS.has(callee.text) ? `${callee.text}: take a Clock (after, every, sleep)` : undefined;
  });
}

export function environmentOutsideItsHome(tree: SourceTree): Violation[] {
  return outside(tree, ENV_HOMES, (node) =>
    isProperty(node, 'process', 'env') || isProperty(node, 'meta', 'env')
      ? 'the environment is read in config.ts'
      : undefined,
  );
}

function outside(
  tree: SourceTree,
  homes: Readonly<Record<string, string>>,
  problemOf: (node: ts.Node) => string | undefined,
): Violation[] {
  const isHome = (path: string): boolean =>
    Object.keys(homes).some((home) => (home.endsWith('/') ? path.startsWith(home) : path === home));
  return productionCodeIn(tree)
    .filter(([path]) => !isHome(path))
    .flatMap(([path, text]) => {
      const found: Violation[] = [];
      visitNodes(path, text, (node, source) => {
        const message = problemOf(node);
        if (message !== undefined) found.push({ path, line: lineOf(node, source), message });
      });
      return found;
    });
}

function isProperty(node: ts.Node, object: string, name: string): boolean {
  if (ts.isElementAccessExpression(node)) {
    return (
      isNamed(node.expression, object) &&
      ts.isStringLiteral(node.argumentExpression) &&
      node.argumentExpression.text === name
    );
  }
  return ts.isPropertyAccessExpression(node) && node.name.text === name && isNamed(node.expression, object);
}

function isNamed(node: ts.Node, name: string): boolean {
  if (ts.isMetaProperty(node)) return node.name.text === name;
  return ts.isIdentifier(node)
    ? node.text === name
    : ts.isPropertyAccessExpression(node) && isGlobal(node.expression) && node.name.text === name;
}

function isGlobal(node: ts.Node): boolean {
  return ts.isIdentifier(node) && ['globalThis', 'window', 'self', 'global'].includes(node.text);
}
