import { createPublicKey, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { reasonOf, systemClock } from '#libs/base';
import { parseSignedHead, sqlSource, verifyLedger, type SignedHead, type Verdict } from '#libs/ledger';
import { withClient } from './supervisor/database.ts';
import { runningDatabase } from './supervisor/running-database.ts';
import { readSettings } from './supervisor/settings.ts';

/**
 * Reads the whole ledger of the centre and checks it: entries, chain, signed heads.
 *
 *   npm run ledger:verify -- [--head <file>]... [--key <public.pem>]...
 *
 * `--head` is a signed head that somebody kept, `--key` the public key that he kept with it. Those of the data folder are
 * used when they are there. Exit code: 0 sound, 1 broken, 2 it could not be checked.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { head: { type: 'string', multiple: true }, key: { type: 'string', multiple: true } },
  });
  const settings = readSettings(process.env);
  if (!settings.ok) return cannot(settings.refusal.message);
  const address = await runningDatabase(settings.value);
  if (!address.ok) return cannot(address.refusal.message);
  const keys = join(settings.value.dataFolder, 'keys');
  const trusted = [...ifThere(join(keys, 'ledger-signing.pem')), ...(values.key ?? [])].map(readPublicKey);
  const expected = [...ifThere(join(keys, 'ledger-head.json')), ...(values.head ?? [])].map(readHead);
  const beganMs = systemClock.monotonicMs();
  const verdict = await withClient(address.value, (client) => {
    const source = sqlSource(async (sql, parameters) => (await client.query(sql, [...parameters])).rows as unknown[]);
    return verifyLedger(source, { trusted, expected });
  });
  tell(verdict, systemClock.monotonicMs() - beganMs, expected.length);
  return verdict.broken ? 1 : 0;
}

function tell({ head, entries, signedHeads, lastSigned, broken }: Verdict, tookMs: number, kept: number): void {
  console.log(`entries      ${entries}`);
  console.log(`head         ${head.seq} ${head.hash}`);
  console.log(`signed heads ${signedHeads}${kept > 0 ? ` (${kept} kept outside the database)` : ''}`);
  console.log(
    `last signed  ${lastSigned ? `${lastSigned.seq} ${new Date(lastSigned.atMs).toISOString()} key ${lastSigned.keyId}` : 'none'}`,
  );
  console.log(`took         ${(tookMs / 1_000).toFixed(1)} s`);
  if (!broken) console.log('\nSOUND: every entry is what was written, in its place.');
  else
    console.log(
      `\nBROKEN at entry ${broken.seq}: ${broken.code}: ${broken.found}\nUp to entry ${head.seq} everything is sound.`,
    );
}

function ifThere(file: string): string[] {
  return existsSync(file) ? [file] : [];
}

/** Of a private key its public half. */
function readPublicKey(file: string): KeyObject {
  try {
    return createPublicKey(readFileSync(file));
  } catch {
    // What the library says may hold a piece of the file.
    throw new Error(`${file}: not a key in PEM`);
  }
}

function readHead(file: string): SignedHead {
  const head = parseSignedHead(readFileSync(file, 'utf8'));
  if (!head) throw new Error(`${file}: not a signed head`);
  return head;
}

function cannot(message: string): number {
  console.error(message);
  return 2;
}

try {
  process.exitCode = await main();
} catch (thrown) {
  process.exitCode = cannot(`the ledger could not be checked: ${reasonOf(thrown)}`);
}
