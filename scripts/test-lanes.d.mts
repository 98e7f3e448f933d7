/** Declared for the test: the module itself is plain JavaScript, because it runs before anything is built. */
export function longestFirst(files: readonly string[]): string[];
export function lightApart(files: readonly string[]): string[][];
export function townApart(files: readonly string[]): [town: string[], ownPeers: string[]];
export function takeNext(queue: string[], running: ReadonlySet<string>): string | undefined;
