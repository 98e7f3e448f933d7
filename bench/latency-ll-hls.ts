import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { Browser } from 'playwright-core';
import { systemClock, uuidV7 } from '#libs/base';
import { deriveKey, signTicket } from '#libs/secret';
import { SimCamera } from '../camera-sim/model.ts';
import { streamPathOf } from '../camera-sim/stream-path.ts';
import { townOf } from '../camera-sim/town.ts';
import { launchBrowser } from '../scripts/e2e/browser.ts';
import { freePorts } from '../scripts/e2e/free-ports.ts';
import { pause } from '../scripts/e2e/pause.ts';
import { until } from '../scripts/e2e/until.ts';
import { PlayerPage } from '../scripts/hls-player/player-page.ts';
import { StampLatency, percentile } from '../scripts/hls-player/stamp-latency.ts';
import { BenchChild } from './relay/child.ts';
import { BenchRecorder, tableOf } from './report.ts';

/**
 * From the camera's socket to the screen with hls.js as it is published, in real Chromium: the stamp in each displayed frame
 * says which one it is, the simulator when it was sent.
 *
 *   npm run bench:ll-hls -- [--seconds 120] [--rounds 3] [--quick]
 */
export interface LowLatencyFigures {
  readonly latenciesMs: readonly number[];
  /** The player stood still so many times while it was measured. */
  readonly waits: number;
  readonly droppedFrames: number;
  /** Frames that were shown and could not be read. */
  readonly unread: number;
}

export interface LowLatencySubject {
  readonly browser: Browser;
  /** A media or master playlist, with its tickets. */
  readonly playlistUrl: string;
  /** `GET /cameras/:id/sent?profile=` of the simulator for the stream that is played. */
  readonly sentUrl: string;
  /** The player may draw near for so long before it is measured. */
  readonly settleMs: number;
  readonly seconds: number;
}

const FIRST_PICTURE_MS = 20_000;
/** The simulator forgets what it sent half a minute ago. */
const LOOK_MS = 1_000;

/** Plays the stream for as long as asked and measures every frame that was shown. Throws when it does not play. */
export async function measureLowLatencyHls(subject: LowLatencySubject): Promise<LowLatencyFigures> {
  const page = await PlayerPage.open(subject.browser, subject.playlistUrl);
  try {
    await until('a first picture', FIRST_PICTURE_MS, async () => (await page.state()).playedS > 0);
    await pause(subject.settleMs);
    await page.takeShown();
    const before = await page.state();
    const latency = new StampLatency(subject.sentUrl);
    const endMs = systemClock.monotonicMs() + subject.seconds * 1_000;
    while (systemClock.monotonicMs() < endMs) {
      await pause(LOOK_MS);
      await latency.add(await page.takeShown());
    }
    const after = await page.state();
    if (!after.lowLatencyMode) throw new Error('hls.js is not in its low-latency mode');
    return {
      latenciesMs: latency.latenciesMs,
      unread: latency.unread,
      waits: after.waits - before.waits,
      droppedFrames: after.droppedFrames - before.droppedFrames,
    };
  } finally {
    await page.close();
  }
}

const SIM_MAIN = path.resolve(import.meta.dirname, '..', 'camera-sim', 'main.js');
const RELAY_MAIN = path.resolve(import.meta.dirname, '..', 'apps', 'relay', 'src', 'main.js');
const OUT_FOLDER = path.resolve(import.meta.dirname, '..', '..', 'bench', 'out');
const TICKET_MS = 24 * 3_600_000;

interface Scene {
  readonly playlistUrl: string;
  readonly sentUrl: string;
  stop(): Promise<void>;
}

/** One camera, one relay, on ports of their own. */
async function startScene(): Promise<Scene> {
  const folder = await mkdtemp(path.join(tmpdir(), 'atalaya-ll-hls-'));
  const [simPort = 0, relayPort = 0] = await freePorts(2);
  const [spec] = townOf(1);
  if (!spec) throw new Error('the simulator has no camera');
  const id = uuidV7(systemClock.nowMs());
  const uri = `rtsp://${spec.host}:${spec.rtspPort}${streamPathOf(new SimCamera(spec), spec.sub.token)}`;
  const camera = {
    id,
    code: spec.id,
    host: spec.host,
    username: spec.username,
    password: spec.password,
    streams: [{ role: 'sub', uri, framesPerSecond: spec.sub.framesPerSecond }],
  };
  const file = path.join(folder, 'cameras.json');
  await writeFile(file, JSON.stringify({ cameras: [camera] }), { mode: 0o600 });
  const master = randomBytes(32);
  const sim = new BenchChild(process.execPath, [SIM_MAIN], {
    ATALAYA_SIM_PORT: String(simPort),
    ATALAYA_SIM_CAMERAS: '1',
  });
  const relay = new BenchChild(process.execPath, [RELAY_MAIN], {
    ATALAYA_RELAY_CAMERAS: file,
    ATALAYA_RELAY_PORT: String(relayPort),
    ATALAYA_RTMP_PORT: 'off',
    ATALAYA_KEY: master.toString('hex'),
    ATALAYA_LOG_LEVEL: 'warn',
  });
  const expiresAtMs = Math.round(systemClock.nowMs()) + TICKET_MS;
  const ticket = signTicket(deriveKey(master, 'video-ticket'), {
    cameraId: id,
    accountId: 'bench',
    stream: 'sub',
    expiresAtMs,
  });
  const playlistUrl = `http://127.0.0.1:${relayPort}/hls/${id}/sub/index.m3u8?ticket=${ticket}`;
  await until('the camera to be served', 30_000, async () => {
    if (!sim.isRunning || !relay.isRunning) throw new Error(`${sim.lastWords}${relay.lastWords}`);
    return (await fetch(playlistUrl)).ok;
  });
  return {
    playlistUrl,
    sentUrl: `http://127.0.0.1:${simPort}/cameras/${spec.id}/sent?profile=sub`,
    stop: async () => {
      await Promise.all([relay.stop(), sim.stop()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { seconds: { type: 'string' }, rounds: { type: 'string' }, quick: { type: 'boolean', default: false } },
  });
  const seconds = Number(values.seconds ?? (values.quick ? '10' : '120'));
  const rounds = Number(values.rounds ?? (values.quick ? '1' : '3'));
  if (!(seconds > 0 && rounds > 0)) throw new Error('--seconds and --rounds take numbers from 1');
  // A short run must not overwrite the figures of a real one.
  const recorder = new BenchRecorder(values.quick ? 'latency-quick' : 'latency', systemClock.nowMs());
  const browser = await launchBrowser();
  const scene = await startScene();
  try {
    for (let round = 1; round <= rounds; round++) {
      const figures = await measureLowLatencyHls({ ...scene, browser, seconds, settleMs: 8_000 });
      for (const share of [50, 95, 99]) {
        recorder.add('ll-hls', 'atalaya', `p${share}_ms`, 'ms', percentile(figures.latenciesMs, share / 100));
      }
      recorder.add('ll-hls', 'atalaya', 'waits', '', figures.waits);
      recorder.add('ll-hls', 'atalaya', 'dropped_frames', '', figures.droppedFrames);
      console.log(`round ${round}: ${figures.latenciesMs.length} frames read, ${figures.unread} not`);
    }
  } finally {
    await scene.stop();
    await browser.close();
  }
  console.log(tableOf(recorder.rows()));
  console.log(await recorder.write(OUT_FOLDER));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();
