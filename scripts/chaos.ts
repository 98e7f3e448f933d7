import { parseArgs } from 'node:util';
import { TOWN } from '../camera-sim/town.ts';
import { killAndWatch, settled, VICTIMS } from './chaos/recovery.ts';
import { TownWatch } from './chaos/town-watch.ts';
import { startProduct } from './e2e/product.ts';

const ROUNDS = 10;
const FIRST_PICTURES_MS = 90_000;

/**
 * A centre of its own on free ports and a temporary data folder, whose processes are killed one after the other.
 *
 *   npm run chaos:start -- [--quick] [--rounds 10]
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { quick: { type: 'boolean' }, rounds: { type: 'string' } } });
  const rounds = values.quick ? 1 : Number(values.rounds ?? ROUNDS);
  const stopping = new AbortController();
  const product = await startProduct();
  try {
    const watch = await TownWatch.signIn(product, stopping.signal);
    const ids = await settled(watch, TOWN.length, FIRST_PICTURES_MS);
    console.log(`${ids.length} cameras are live`);
    for (let round = 1; round <= rounds; round++) {
      for (const victim of VICTIMS) {
        const { readyMs, picturesMs } = await killAndWatch(watch, victim, ids);
        console.log(
          `round ${round}  kill -9 ${victim.padEnd(9)} healthy after ${Math.round(readyMs)} ms, all pictures after ${Math.round(picturesMs)} ms`,
        );
      }
    }
    const code = await product.stop();
    if (code !== 0) throw new Error(`the supervisor ended with ${code}:\n${product.output()}`);
  } finally {
    stopping.abort();
    await product.discard();
  }
}

await main();
