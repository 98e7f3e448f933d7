import type { Browser } from 'playwright-core';
import { systemClock } from '#libs/base';
import { pause } from '../../scripts/e2e/pause.ts';
import { until } from '../../scripts/e2e/until.ts';
import { PlayerPage } from '../../scripts/hls-player/player-page.ts';
import { StampLatency } from '../../scripts/hls-player/stamp-latency.ts';

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

/**
 * From the camera's socket to the screen with hls.js as it is published: the stamp in each displayed frame says which one
 * it is, the simulator when it was sent. Plays the stream for as long as asked and measures every frame that was shown. Throws when it does not play. */
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
