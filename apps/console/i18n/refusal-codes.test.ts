import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { ERRORS } from './messages.ts';

const ROOT = path.resolve(import.meta.dirname, '..', '..', '..');
/** Where refusals and health reasons are made that a screen may have to tell. */
const PLACES = ['apps/api/src', 'apps/relay', 'libs'];
const CODE = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** Every code that a source writes, with the place of one use. */
function codesOf(file: string, text: string): Map<string, string> {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found = new Map<string, string>();
  const take = (node: ts.Node | undefined): void => {
    if (!node) return;
    for (const literal of literalsIn(node)) {
      const line = source.getLineAndCharacterOfPosition(literal.getStart()).line + 1;
      if (CODE.test(literal.text)) found.set(literal.text, `${file}:${line}`);
    }
  };
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) take(node.arguments[codeArgument(node)]);
    if (ts.isArrayLiteralExpression(node) && isCodeWithSentence(node)) take(node.elements[0]);
    if (ts.isPropertyAssignment(node) && nameOf(node.name) === 'code') take(node.initializer);
    if (ts.isPropertySignature(node) && nameOf(node.name) === 'code') take(node.type);
    if (ts.isParameter(node) && nameOf(node.name) === 'code') take(node.type);
    if (ts.isVariableDeclaration(node) && /_(CODES|REASONS)$/.test(nameOf(node.name) ?? '')) take(node.initializer);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Which argument of a call is a code: the second of `refusal(kind, code, ..)`, the first of its short forms; -1 for none. */
function codeArgument({ expression }: ts.CallExpression): number {
  const callee = ts.isPropertyAccessExpression(expression) ? expression.name : expression;
  const name = ts.isIdentifier(callee) ? callee.text : '';
  if (name === 'refusal') return 1;
  return /Refusal$|^(fail|refuse|reason)$/.test(name) ? 0 : -1;
}

/** String literals that an expression may come to, and the keys and members of a table: not what stands in nested calls. */
function literalsIn(node: ts.Node): (ts.StringLiteral | ts.Identifier)[] {
  if (ts.isStringLiteral(node)) return [node];
  if (ts.isConditionalExpression(node)) return [...literalsIn(node.whenTrue), ...literalsIn(node.whenFalse)];
  if (ts.isBinaryExpression(node)) return [...literalsIn(node.left), ...literalsIn(node.right)];
  if (ts.isAsExpression(node) || ts.isSatisfiesExpression(node)) return literalsIn(node.expression);
  if (ts.isLiteralTypeNode(node)) return literalsIn(node.literal);
  if (ts.isUnionTypeNode(node)) return node.types.flatMap(literalsIn);
  if (ts.isArrayLiteralExpression(node)) return node.elements.flatMap(literalsIn);
  if (ts.isObjectLiteralExpression(node)) return node.properties.flatMap((one) => (one.name ? keyOf(one.name) : []));
  return [];
}

/** `['connect-refused', 'the camera refuses connections']`, as tables of system errors have it. */
function isCodeWithSentence({ elements }: ts.ArrayLiteralExpression): boolean {
  const [code, sentence] = elements;
  if (elements.length !== 2 || !code || !sentence) return false;
  return ts.isStringLiteral(code) && ts.isStringLiteral(sentence) && sentence.text.includes(' ');
}

function keyOf(name: ts.PropertyName): (ts.StringLiteral | ts.Identifier)[] {
  return ts.isStringLiteral(name) || ts.isIdentifier(name) ? [name] : [];
}

function nameOf(node: ts.Node): string | undefined {
  return ts.isIdentifier(node) ? node.text : undefined;
}

function sourcesUnder(folder: string): string[] {
  return readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => path.join(folder, file));
}

function everyCode(): Map<string, string> {
  const files = PLACES.flatMap(sourcesUnder);
  return new Map(files.flatMap((file) => [...codesOf(file, readFileSync(path.join(ROOT, file), 'utf8'))]));
}

describe('codes', () => {
  it('are found however a source writes them', () => {
    const text = `
      const A_CODES = ['one'] as const;
      const B_REASONS = { two: 'peer-failed', 'two-b': 'x' } satisfies Table;
      throw new RefusalError(refusal('conflict', late ? 'three' : 'four', 'no'));
      onvifRefusal('five', 'kind'); this.refuse('six', 'x'); sayHello('not-this');
      const reason = { code: 'seven', message: 'not-that' };
      function f(code: 'eight' | 'nine') {}
      const table = { ECONNREFUSED: ['eleven', 'a sentence of it'] };
      type Answer = { readonly code: 'ten' };
    `;
    expect([...codesOf('a.ts', text).keys()].sort()).toEqual(
      ['one', 'two', 'two-b', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven'].sort(),
    );
  });

  it('of every refusal and every health reason have words in both languages', () => {
    const codes = everyCode();
    // Fewer would mean that the search itself is blind.
    expect(codes.size).toBeGreaterThan(80);
    for (const language of ['es', 'en'] as const) {
      const silent = [...codes].filter(([code]) => !Object.hasOwn(ERRORS[language], code));
      expect(silent.map(([code, where]) => `${code} (${where})`)).toEqual([]);
    }
  });
});
