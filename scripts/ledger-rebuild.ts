import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { runningDatabase } from './supervisor/running-database.ts';
import { PROJECT_ROOT, readSettings } from './supervisor/settings.ts';

/**
 * Makes every table that follows from the ledger once more from the ledger, beside the one that is there, and tells where they
 * differ. The centre may go on working meanwhile.
 *
 *   npm run ledger:rebuild -- --check
 *
 * Exit code: 0 equal, 1 different, 2 it could not be checked.
 */
async function main(): Promise<number> {
  if (process.argv.slice(2).join() !== '--check') return cannot('npm run ledger:rebuild -- --check');
  const settings = readSettings(process.env);
  if (!settings.ok) return cannot(settings.refusal.message);
  const address = await runningDatabase(settings.value);
  if (!address.ok) return cannot(address.refusal.message);
  const api = join(PROJECT_ROOT, 'dist', 'apps', 'api', 'src', 'main.js');
  const child = spawn(process.execPath, ['--enable-source-maps', api, '--ledger-rebuild-check'], {
    env: { ...process.env, DATABASE_URL: address.value, ATALAYA_DATA: settings.value.dataFolder },
    stdio: 'inherit',
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 2;
}

function cannot(message: string): number {
  console.error(message);
  return 2;
}

process.exitCode = await main();
