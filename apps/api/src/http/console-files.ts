import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import express, { type NextFunction, type Request, type Response } from 'express';

/** Vite writes `name-<8 or more characters of hash>.ext` here: such a file never changes. */
const HASHED_FOLDER = 'assets';

/**
 * Serves the built console: `/` is `index.html` and `/wall` is `wall.html` or `wall/index.html`. Pages are always asked
 * for again, so that a new version is seen at the next load; what carries a hash is kept for ever.
 * Answers the addresses of the pages found, none when the console was not built.
 */
export function serveConsole(app: NestExpressApplication, folder: string): string[] {
  if (!existsSync(folder)) return [];
  const pages = findPages(folder);
  for (const [address, file] of pages) {
    app.getHttpAdapter().get(address, (_request, response) => {
      (response as Response).sendFile(file, { headers: { 'Cache-Control': 'no-cache' }, cacheControl: false });
    });
  }
  const kept = { immutable: true, maxAge: '365d', index: false, redirect: false, fallthrough: true } as const;
  app.use(`/${HASHED_FOLDER}`, express.static(join(folder, HASHED_FOLDER), kept));
  const others = express.static(folder, { index: false, redirect: false, setHeaders: noCache });
  app.use((request: Request, response: Response, next: NextFunction) =>
    // No look at the disk for every call of the api.
    request.path.startsWith('/api/') ? next() : others(request, response, next),
  );
  return [...pages.keys()];
}

function noCache(response: Response): void {
  response.setHeader('Cache-Control', 'no-cache');
}

function findPages(folder: string): Map<string, string> {
  const pages = new Map<string, string>();
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const inFolder = join(folder, entry.name, 'index.html');
    if (entry.isDirectory() && existsSync(inFolder)) pages.set(`/${entry.name}`, inFolder);
    if (entry.isFile() && entry.name.endsWith('.html')) {
      const name = entry.name.slice(0, -'.html'.length);
      pages.set(name === 'index' ? '/' : `/${name}`, join(folder, entry.name));
    }
  }
  return pages;
}
