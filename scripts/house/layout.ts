import type { SourceTree } from './source-tree.ts';

/** Folders of the plan. A new one is a decision, and is made here. */
const TOP = new Set(['apps', 'libs', 'camera-sim', 'migrations', 'bench', 'scripts', 'docs', '.ci']);
const APPS = new Set(['api', 'relay', 'console']);

export function unplannedFolders(tree: SourceTree): string[] {
  const wrong = new Set<string>();
  for (const path of tree.keys()) {
    const [first, second, ...rest] = path.split('/');
    if (second !== undefined && !TOP.has(first!)) wrong.add(first!);
    if (first === 'apps' && rest.length > 0 && !APPS.has(second!)) wrong.add(`apps/${second}`);
    if (first === 'libs' && rest.length === 0) wrong.add(path);
  }
  return [...wrong].sort();
}

/** Each lib says what it is and shows its face in one file. */
export function incompleteLibs(tree: SourceTree): string[] {
  const libs = new Set(
    [...tree.keys()].filter((path) => /^libs\/[^/]+\//.test(path)).map((path) => path.split('/')[1]!),
  );
  return [...libs]
    .flatMap((lib) => ['README.md', 'index.ts'].map((file) => `libs/${lib}/${file}`))
    .filter((path) => (tree.get(path) ?? '').trim() === '')
    .sort();
}

/** A lockfile holds names, versions and hashes; from where they are fetched is the business of each machine. */
export function registryAddresses(lockfile: string): string[] {
  return [...new Set(lockfile.match(/"resolved": "https?:[^"]*"|https?:\/\/[^"\s]*\/-\/[^"\s]*\.tgz/g) ?? [])];
}

interface LockEntry {
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** Optional packages of other machines that the lockfile leaves out: `npm ci` refuses such a lockfile everywhere. */
export function missingFromLockfile(lockfile: string): string[] {
  const { packages } = JSON.parse(lockfile) as { packages: Readonly<Record<string, LockEntry>> };
  return Object.entries(packages).flatMap(([path, entry]) =>
    Object.keys(entry.optionalDependencies ?? {})
      .filter((name) => !(`node_modules/${name}` in packages) && !(`${path}/node_modules/${name}` in packages))
      .map((name) => `${path.replace(/^node_modules\//, '')} -> ${name}`),
  );
}
