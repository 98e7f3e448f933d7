import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';

/** Files of the project as the rules see them: path from the root with `/`, and text. */
export type SourceTree = ReadonlyMap<string, string>;

/** One line that breaks a rule. */
export interface Violation {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

const SKIPPED = new Set(['node_modules', 'dist', 'data', '.git', 'coverage', 'testdata', 'out', 'clips']);
const READ = /\.(ts|tsx|mjs|md|json)$/;

export function readTree(root: string): SourceTree {
  const files = new Map<string, string>();
  const walk = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && !SKIPPED.has(entry.name)) walk(path);
      if (entry.isFile() && READ.test(entry.name)) files.set(relative(root, path), readFileSync(path, 'utf8'));
    }
  };
  walk(root);
  return files;
}

/** A tree of a few lines, for planting violations. */
export function treeOf(files: Readonly<Record<string, string>>): SourceTree {
  return new Map(Object.entries(files));
}

export function isCode(path: string): boolean {
  return /\.tsx?$/.test(path) && !path.endsWith('.d.ts');
}

export function isTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path);
}

/** Tests, and what only tests use: never part of a program that runs in a centre. */
export function isTestCode(path: string): boolean {
  return isTest(path) || path.split('/').includes('testing');
}

export function codeIn(tree: SourceTree): [path: string, text: string][] {
  return [...tree].filter(([path]) => isCode(path));
}

export function productionCodeIn(tree: SourceTree): [path: string, text: string][] {
  return codeIn(tree).filter(([path]) => !isTestCode(path));
}

/** Calls `visit` with every node of a file, parents before children. */
export function visitNodes(path: string, text: string, visit: (node: ts.Node, source: ts.SourceFile) => void): void {
  const kind = path.endsWith('.tsx') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true, kind);
  const walk = (node: ts.Node): void => {
    visit(node, source);
    ts.forEachChild(node, walk);
  };
  walk(source);
}

export function lineOf(node: ts.Node, source: ts.SourceFile): number {
  return source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
}

/** `path:line message`, which an editor can follow. */
export function told(violations: readonly Violation[]): string[] {
  return violations.map(({ path, line, message }) => `${path}:${line} ${message}`);
}
