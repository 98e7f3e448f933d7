import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface LockEntry {
  readonly dev?: boolean;
  readonly version?: string;
}

interface Manifest {
  readonly name: string;
  readonly license?: string | { readonly type?: string };
  readonly licenses?: readonly { readonly type?: string }[];
}

/** Licences under which a town may run, change and pass on the whole product. SPDX names. */
const ALLOWED = new Set([
  'MIT',
  'MIT-0',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'Apache-2.0',
  'CC0-1.0',
  'Unlicense',
  'BlueOak-1.0.0',
  'Python-2.0',
  'PostgreSQL',
  'OFL-1.1',
  'Zlib',
]);

/** Others, each with the reason why it does no harm here. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  lightningcss: 'MPL-2.0: build tool of Vite, used unchanged; its licence covers its own files alone',
  'png-js': 'its manifest names none; its LICENSE file is MIT',
  'splaytree-ts': 'its manifest says BDS-3-Clause; its LICENSE file is BSD-3-Clause',
};

/**
 * Whether an SPDX expression lets us: of alternatives (OR) one must, of parts (AND) all must. Brackets are read as
 * package authors write them: around the whole or around one side.
 */
export function isAllowed(expression: string): boolean {
  const bare = expression.trim().replace(/^\((.*)\)$/, '$1');
  if (/\sOR\s/.test(bare)) return bare.split(/\sOR\s/).some(isAllowed);
  if (/\sAND\s/.test(bare)) return bare.split(/\sAND\s/).every(isAllowed);
  return ALLOWED.has(bare);
}

export function licenceOf(manifest: Manifest): string {
  if (typeof manifest.license === 'string') return manifest.license;
  return manifest.license?.type ?? manifest.licenses?.map((one) => one.type ?? '').join(' OR ') ?? '';
}

export function needsReason(name: string, licence: string): boolean {
  const reason = Object.keys(EXCEPTIONS).some((known) => name === known || name.startsWith(`${known}-`));
  return !isAllowed(licence) && !reason;
}

/** Packages that ship with the product, as installed here; those of other machines are their siblings in licence. */
export function shippedPackages(projectRoot: string): { readonly name: string; readonly licence: string }[] {
  const { packages } = JSON.parse(readFileSync(join(projectRoot, 'package-lock.json'), 'utf8')) as {
    packages: Readonly<Record<string, LockEntry>>;
  };
  return Object.entries(packages)
    .filter(([path, entry]) => path !== '' && !entry.dev && existsSync(join(projectRoot, path, 'package.json')))
    .map(([path]) => {
      const manifest = JSON.parse(readFileSync(join(projectRoot, path, 'package.json'), 'utf8')) as Manifest;
      return { name: manifest.name, licence: licenceOf(manifest) };
    });
}
