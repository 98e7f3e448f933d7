import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ok, refusal, refused, type Result } from '#libs/base';
import { addressOf, DATABASE } from './cluster.ts';
import { ping } from './database.ts';
import type { Settings } from './settings.ts';

/** Address of the centre's database: of `DATABASE_URL`, or the embedded one, which runs while the centre does. */
export async function runningDatabase(settings: Settings): Promise<Result<string>> {
  const address = settings.databaseUrl ?? embeddedAddress(settings.dataFolder);
  if (address === undefined)
    return refused(
      refusal('not-found', 'database-missing', `No hay una base de datos en ${settings.dataFolder} (ATALAYA_DATA)`),
    );
  return ping(address).then(
    () => ok(address),
    () =>
      refused(
        refusal('unavailable', 'database-unreachable', 'La base de datos no responde: inicie Atalaya (npm start)'),
      ),
  );
}

function embeddedAddress(dataFolder: string): string | undefined {
  const [password, port] = [join(dataFolder, 'keys', 'postgres.password'), join(dataFolder, 'run', 'postgres.port')];
  if (!existsSync(password) || !existsSync(port)) return undefined;
  const cluster = {
    folder: dataFolder,
    isNew: false,
    port: Number(readFileSync(port, 'utf8')),
    password: readFileSync(password, 'utf8').trim(),
  };
  return addressOf(cluster, DATABASE);
}
