import { randomInt } from 'node:crypto';
import { chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import type { Role } from '#libs/access';
import type { Clock } from '#libs/base';
import { AuditEntryEntity } from '../audit/audit-entry.entity.ts';
import { AccountEntity } from './account.entity.ts';
import { newAccount } from './account.service.ts';
import { PasswordHasher } from './password-hasher.ts';

/** An account that is made when there is none at all. Names are in the language of those who will read them. */
export interface FirstAccount {
  readonly role: Role;
  readonly username: string;
  readonly displayName: string;
}

export type FirstAccountsMode = 'demonstration' | 'administrator';

const ADMINISTRATOR: FirstAccount = { role: 'administrator', username: 'administrador', displayName: 'Administrador' };

export const FIRST_ACCOUNTS: Readonly<Record<FirstAccountsMode, readonly FirstAccount[]>> = {
  administrator: [ADMINISTRATOR],
  demonstration: [
    ADMINISTRATOR,
    { role: 'supervisor', username: 'supervisor', displayName: 'Jefe de turno' },
    { role: 'operator', username: 'operador', displayName: 'Operador de cámaras' },
    { role: 'dispatcher', username: 'despachador', displayName: 'Radioperador' },
    { role: 'patrol', username: 'sereno', displayName: 'Sereno de patrulla' },
    { role: 'police-liaison', username: 'enlace-pnp', displayName: 'Enlace PNP' },
    { role: 'civil-defence', username: 'defensa-civil', displayName: 'Oficial de defensa civil' },
    { role: 'auditor', username: 'auditor', displayName: 'Auditor' },
  ],
};

/** File in the data folder in which the logins wait for whoever started the centre: `[{role, username, password}]`. */
export const FIRST_LOGINS_FILE = 'demo-logins.json';

export interface CreatedAccounts {
  /** None when there was an account already. */
  readonly usernames: readonly string[];
  readonly file: string;
}

/**
 * Makes the first accounts, with random passwords, when the table is empty, and does nothing otherwise. The file (mode
 * 600) is written before the commit: accounts whose passwords nobody knows would be worse than a file without accounts.
 */
export async function createFirstAccounts(
  dataSource: DataSource,
  wanted: readonly FirstAccount[],
  dataFolder: string,
  clock: Clock,
): Promise<CreatedAccounts> {
  const file = join(dataFolder, FIRST_LOGINS_FILE);
  const hasher = new PasswordHasher();
  return dataSource.transaction(async (manager) => {
    // Two starters take turns; readers go on.
    await manager.query('LOCK TABLE account IN SHARE ROW EXCLUSIVE MODE');
    if ((await manager.count(AccountEntity)) > 0) return { usernames: [], file };
    const logins = wanted.map(({ role, username }) => ({ role, username, password: randomPassword() }));
    for (const [index, account] of wanted.entries()) {
      const passwordHash = await hasher.hash(logins[index]!.password);
      await manager.insert(AccountEntity, newAccount(account, passwordHash, clock.nowMs()));
    }
    await manager.insert(AuditEntryEntity, {
      at: new Date(clock.nowMs()),
      action: 'account:create',
      objectKind: 'account',
      outcome: 'done',
      details: { firstAccounts: wanted.map((account) => account.username).join(' ') },
    });
    await writePrivately(file, dataFolder, `${JSON.stringify(logins, null, 2)}\n`);
    return { usernames: wanted.map((account) => account.username), file };
  });
}

/** Letters and digits that nobody takes for one another, read aloud or copied by hand. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
const GROUPS = 4;
const GROUP_CHARS = 4;

/** 16 characters of 31: 79 bits, as `xxxx-xxxx-xxxx-xxxx`. */
function randomPassword(): string {
  const group = (): string => Array.from({ length: GROUP_CHARS }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return Array.from({ length: GROUPS }, group).join('-');
}

/** The mode is set before there is anything to read, and the file appears whole or not at all. */
async function writePrivately(file: string, folder: string, text: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const draft = `${file}.tmp`;
  await rm(draft, { force: true });
  await writeFile(draft, text, { mode: 0o600, flag: 'wx' });
  await chmod(draft, 0o600);
  await rename(draft, file);
}
