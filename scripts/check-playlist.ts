import { parseArgs } from 'node:util';
import { checkLive, type LiveReport } from './playlist-check/live-check.ts';

const USAGE = 'npm run check:playlist -- [--seconds 60] <address of a media playlist, with its ticket>';

const MAX_TOLD = 50;

/**
 * Holds a live playlist to the rules of RFC 8216 and draft-pantos-hls-rfc8216bis: reads it as a player does, fetches all that it
 * lists, and says what was broken. Ends with 1 when anything was.
 */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ options: { seconds: { type: 'string' } }, allowPositionals: true });
  const seconds = Number(values.seconds ?? '60');
  const [url] = positionals;
  if (url === undefined || !(seconds > 0)) throw new Error(USAGE);
  const report = await checkLive(url, AbortSignal.timeout(seconds * 1_000));
  tell(report);
  if (report.counts.size > 0 || report.playlists === 0) process.exitCode = 1;
}

function tell(report: LiveReport): void {
  const { playlists, deltas, parts, segments, hints, heldMs } = report;
  const held = (share: number): number => Math.round(heldMs[Math.floor(heldMs.length * share)] ?? 0);
  console.log(`${playlists} playlists, ${deltas} delta updates, ${segments} segments, ${parts} parts, ${hints} hints`);
  console.log(`reloads held: median ${held(0.5)} ms, 95 % ${held(0.95)} ms`);
  for (const [rule, count] of report.counts) console.log(`${count} x ${rule}`);
  // Addresses carry tickets: those are nobody else's business.
  const told = report.violations
    .slice(0, MAX_TOLD)
    .map(({ rule, message }) => `  ${rule}: ${message.replace(/\?[^\s",]*/g, '')}`);
  for (const line of told) console.log(line);
  if (report.counts.size === 0) console.log('no rule was broken');
}

await main();
