import type { AddressInfo } from 'node:net';
import { reasonOf, systemClock, type Logger } from '#libs/base';
import { createFirstAccounts, FIRST_ACCOUNTS, type FirstAccountsMode } from './access/first-accounts.ts';
import { createApplication } from './application.ts';
import { ConfigError, loadConfig, type ApiConfig } from './config.ts';
import { connect, migrate } from './data-source.ts';
import { PROJECTIONS } from './ledger-inventory.ts';
import { LedgerStore } from './ledger/ledger.store.ts';
import { checkRebuild } from './ledger/rebuild.ts';
import { createLogger } from './logging.ts';
import { VERSION } from './version.ts';

/** What `node dist/apps/api/src/main.js [--mode]` can be asked to do. Without a mode it serves. */
const MODES: Readonly<Record<string, (config: ApiConfig, logger: Logger) => Promise<void>>> = {
  '--migrate': runMigrations,
  '--create-demo-accounts': (config, logger) => runFirstAccounts('demonstration', config, logger),
  '--create-administrator': (config, logger) => runFirstAccounts('administrator', config, logger),
  '--ledger-rebuild-check': runRebuildCheck,
};

/** How long open requests may take to end after a signal. */
const MAX_CLOSE_MS = 8_000;

async function serve(config: ApiConfig, logger: Logger): Promise<void> {
  const app = await createApplication({ config, clock: systemClock, logger });
  stopOnSignal(() => app.close(), logger);
  await app.listen(config.port).catch((thrown: unknown) => {
    throw portTaken(thrown, config.port);
  });
  const { port } = app.getHttpServer().address() as AddressInfo;
  logger.info({ port, pid: process.pid, version: VERSION }, 'ready');
}

async function runMigrations(config: ApiConfig, logger: Logger): Promise<void> {
  const dataSource = await connect(config, logger);
  const applied = await migrate(dataSource);
  await dataSource.destroy();
  logger.info({ applied }, 'migrated');
}

async function runFirstAccounts(mode: FirstAccountsMode, config: ApiConfig, logger: Logger): Promise<void> {
  const dataSource = await connect(config, logger);
  await migrate(dataSource);
  const created = await createFirstAccounts(dataSource, FIRST_ACCOUNTS[mode], config.dataFolder, systemClock);
  await dataSource.destroy();
  logger.info({ created: created.usernames, file: created.file }, 'first accounts');
}

/** Exit code 1 when a table is not what the ledger says. */
async function runRebuildCheck(config: ApiConfig, logger: Logger): Promise<void> {
  const dataSource = await connect(config, logger);
  const report = await checkRebuild(dataSource, new LedgerStore(dataSource), PROJECTIONS);
  await dataSource.destroy();
  for (const { name, differences } of report.projections) {
    console.log(`${name}: ${differences.length === 0 ? 'equal' : 'DIFFERENT'}`);
    for (const { what, problem } of differences) console.log(`  ${problem}: ${what}`);
  }
  if (report.projections.length === 0) console.log('no table follows from the ledger yet: nothing to compare');
  console.log(`${report.events} events were read`);
  if (report.projections.some(({ differences }) => differences.length > 0)) process.exitCode = 1;
}

/** Somebody else's port is a setting to change, not a bug to trace. */
function portTaken(thrown: unknown, port: number): unknown {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  return code === 'EADDRINUSE' ? new ConfigError(`ATALAYA_PORT: port ${port} is taken by another program`) : thrown;
}

/** The first signal closes in order; a close that hangs, or a second signal, ends the process all the same. */
function stopOnSignal(close: () => Promise<void>, logger: Logger): void {
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(1);
    stopping = true;
    logger.info({ signal }, 'stopping');
    systemClock.after(MAX_CLOSE_MS, () => process.exit(1));
    close().then(
      () => process.exit(0),
      (thrown: unknown) => {
        logger.error({ reason: reasonOf(thrown) }, 'did not close cleanly');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

async function main(): Promise<void> {
  const [mode] = process.argv.slice(2);
  const run = mode === undefined ? serve : MODES[mode];
  if (!run) throw new ConfigError(`unknown mode ${mode}: one of ${Object.keys(MODES).join(', ')}, or none`);
  const config = loadConfig();
  await run(config, createLogger(config.logLevel));
}

main().catch((thrown: unknown) => {
  const logger = createLogger('error');
  if (thrown instanceof ConfigError) logger.error({}, thrown.message);
  else logger.error({ stack: thrown instanceof Error ? thrown.stack : undefined }, reasonOf(thrown));
  process.exit(1);
});
