import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { silentLogger, sleep, systemClock } from '#libs/base';
import { loadConfig } from '../src/config.ts';
import { connect, migrate } from '../src/data-source.ts';
import { CREATE_COUNTERS, addCommand, startWriter } from './test-ledger.ts';

/**
 * A ledger writer as a process of its own, for chaos (it is killed) and benchmarks (its CPU is its own). `DATABASE_URL` and
 * `ATALAYA_KEY` as the api takes them.
 *
 *   --migrate                    makes the tables and ends
 *   --load <parallel>            keeps so many commands under way until it is killed; tells each on standard output before it
 *                                is given (`try <id> <counter>`) and once it is acknowledged (`done <id> <seq>`)
 *   --measure <parallel> <ms>    the same without telling, for so long; then one line of JSON: {"acknowledged", "tookMs"}
 */
async function main([mode, ...values]: string[]): Promise<void> {
  const config = loadConfig();
  if (mode === '--migrate') {
    const dataSource = await connect(config, silentLogger);
    await migrate(dataSource);
    await dataSource.query(CREATE_COUNTERS);
    return dataSource.destroy();
  }
  const { writer } = startWriter(config.databaseUrl, systemClock, silentLogger);
  // Timers of the clock do not hold a process.
  const hold = setInterval(() => {}, 1_000);
  const [parallel = 1, forMs = Infinity] = values.map(Number);
  while (!writer.at) await sleep(systemClock, 10);
  if (mode === '--load') await load(writer, parallel);
  else console.log(JSON.stringify(await measure(writer, parallel, forMs)));
  clearInterval(hold);
  process.exit(0);
}

type Writer = ReturnType<typeof startWriter>['writer'];

async function load(writer: Writer, parallel: number): Promise<void> {
  let told = 0;
  // Lines of the parent are commands to try again: what was in doubt when the last writer was killed.
  createInterface({ input: process.stdin }).on('line', (line) => {
    const [id, counter] = line.split(' ');
    void run(writer, counter!, id!);
  });
  await Promise.all(
    Array.from({ length: parallel }, async () => {
      for (;;) await run(writer, `c-${told++ % 100}`, randomUUID());
    }),
  );
}

/** As a client does: the same id again until it is acknowledged. */
async function run(writer: Writer, counter: string, id: string): Promise<void> {
  process.stdout.write(`try ${id} ${counter}\n`);
  for (;;) {
    const result = await writer.execute(addCommand(counter, 1, id));
    if (result.ok) return void process.stdout.write(`done ${id} ${result.value.events!.lastSeq}\n`);
    if (result.refusal.kind !== 'unavailable') throw new Error(result.refusal.code);
    await sleep(systemClock, 20);
  }
}

async function measure(
  writer: Writer,
  parallel: number,
  forMs: number,
): Promise<{ acknowledged: number; tookMs: number }> {
  const began = systemClock.monotonicMs();
  let acknowledged = 0;
  await Promise.all(
    Array.from({ length: parallel }, async (_, lane) => {
      for (let turn = 0; systemClock.monotonicMs() - began < forMs; turn++) {
        const result = await writer.execute(addCommand(`c-${(lane + turn * parallel) % 100}`));
        if (!result.ok) throw new Error(result.refusal.code);
        acknowledged++;
      }
    }),
  );
  return { acknowledged, tookMs: systemClock.monotonicMs() - began };
}

await main(process.argv.slice(2));
