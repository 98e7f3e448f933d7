import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { ROLES } from '#libs/access';

const logins = z
  .array(z.object({ role: z.enum(ROLES), username: z.string().min(1).max(64), password: z.string().min(1).max(200) }))
  .max(20);
export type Login = z.infer<typeof logins>[number];

/** The first logins, which the api wrote when it made the accounts; none when there is no such file. */
export function readLogins(file: string): Login[] {
  if (!existsSync(file)) return [];
  return logins.parse(JSON.parse(readFileSync(file, 'utf8')));
}

/** Logins that no start has shown yet. Shown are those whose hash `markFile` holds. */
export function unshownLogins(file: string, markFile: string): Login[] {
  const found = readLogins(file);
  const shown = existsSync(markFile) ? readFileSync(markFile, 'utf8') : '';
  return found.length > 0 && hashOf(found) !== shown ? found : [];
}

export function markShown(shown: readonly Login[], markFile: string): void {
  writeFileSync(markFile, hashOf(shown), { mode: 0o600 });
}

const ROLE_NAMES: Readonly<Record<Login['role'], string>> = {
  administrator: 'Administración',
  supervisor: 'Jefatura de turno',
  operator: 'Cámaras',
  dispatcher: 'Despacho',
  patrol: 'Patrulla',
  'police-liaison': 'Enlace PNP',
  'civil-defence': 'Defensa civil',
  auditor: 'Auditoría',
};

/** Lines of a table of two columns and a password each. */
export function loginTable(shown: readonly Login[]): string[] {
  const rows = shown.map(({ role, username, password }) => [ROLE_NAMES[role], username, password]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('   ')
      .trimEnd(),
  );
}

function hashOf(list: readonly Login[]): string {
  return createHash('sha256').update(JSON.stringify(list)).digest('hex');
}
