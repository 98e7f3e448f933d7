import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import type { ClipFacts } from '../clip/clip.ts';
import { clipFileName, clipsDirectory } from '../clip/library.ts';
import { displayOrder, Encoder, makeStill } from './encoder.ts';
import { FrameServer } from './frame-server.ts';
import { allJobs, type ClipJob } from './jobs.ts';
import type { PaintJob } from './painter.ts';

/**
 * Draws and compresses the clips: `npm run clips`, or `npm run clips -- plaza puente` for those whose name begins so. Needs
 * ffmpeg, ffprobe and Chromium as Debian installs them.
 */
async function main(prefixes: readonly string[]): Promise<void> {
  const directory = clipsDirectory();
  await mkdir(directory, { recursive: true });
  const jobs = allJobs().filter(
    ({ clip }) => prefixes.length === 0 || prefixes.some((prefix) => clip.startsWith(prefix)),
  );
  const server = new FrameServer(dirname(directory));
  const address = await server.start();
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox'],
  });
  try {
    for (const job of jobs) await makeClip(job, directory, server, browser, address);
  } finally {
    await browser.close();
    await server.stop();
  }
}

async function makeClip(
  job: ClipJob,
  directory: string,
  server: FrameServer,
  browser: Browser,
  address: string,
): Promise<void> {
  const file = join(directory, clipFileName(job.clip, job));
  const unfinished = `${file}.tmp`;
  const encoder = new Encoder(job, unfinished);
  server.receive((picture) => encoder.write(picture));
  await paint(browser, address, job.paint);
  await encoder.finish();
  await rename(unfinished, file);
  if (job.still !== undefined) await makeStill(file, join(directory, `${job.still}.jpg`));
  await remember(directory, job, job.bFrames > 0 ? await displayOrder(file) : undefined);
  console.log(`${job.clip}: ${Math.round((await stat(file)).size / 1024)} KiB`);
}

async function paint(browser: Browser, address: string, job: PaintJob): Promise<void> {
  const page = await browser.newPage();
  await page.goto(address);
  await page.waitForFunction('globalThis.atalayaRender !== undefined');
  await page.evaluate(`globalThis.atalayaRender(${JSON.stringify(job)})`);
  await page.close();
}

/** Puts the clip's facts into the index, whose entries stay sorted by name. */
async function remember(directory: string, job: ClipJob, order: readonly number[] | undefined): Promise<void> {
  const { widthPx, heightPx, framesPerSecond, frames } = job.paint;
  const { codec, gopFrames } = job;
  const facts: ClipFacts = {
    codec,
    widthPx,
    heightPx,
    framesPerSecond,
    frames,
    gopFrames,
    ...(order ? { order } : {}),
  };
  const file = join(directory, 'index.json');
  const index = JSON.parse(await readFile(file, 'utf8').catch(() => '{}')) as Record<string, ClipFacts>;
  const entries = Object.entries({ ...index, [job.clip]: facts }).sort(([a], [b]) => (a < b ? -1 : 1));
  const lines = entries.map(([name, clip]) => `  ${JSON.stringify(name)}: ${JSON.stringify(clip)}`);
  await writeFile(file, `{\n${lines.join(',\n')}\n}\n`);
}

await main(process.argv.slice(2));
