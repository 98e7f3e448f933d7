import type { Browser, CDPSession, Page } from 'playwright-core';
import { pssMb } from '../process-meter.ts';

export interface MemorySample {
  /** Of the page's scripts, after a garbage collection. */
  readonly heapMb: number;
  /** Proportional set size of the processes that show pages. */
  readonly rendererMb: number;
}

/** What a page costs in memory, as Chromium and the system tell it. */
export class PageMemory {
  private constructor(
    private readonly page: CDPSession,
    private readonly browser: CDPSession,
  ) {}

  static async of(browser: Browser, page: Page): Promise<PageMemory> {
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable');
    return new PageMemory(session, await browser.newBrowserCDPSession());
  }

  async sample(): Promise<MemorySample> {
    await this.page.send('HeapProfiler.collectGarbage');
    const { metrics } = await this.page.send('Performance.getMetrics');
    const { processInfo } = await this.browser.send('SystemInfo.getProcessInfo');
    const renderers = processInfo.filter(({ type }) => type === 'renderer');
    const sizes = await Promise.all(renderers.map(({ id }) => pssMb(id)));
    const heap = metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? Number.NaN;
    return { heapMb: heap / 2 ** 20, rendererMb: sizes.reduce((sum, size) => sum + size, 0) };
  }
}

/** Growth in percent from the middle of the first third of the samples to that of the last third. */
export function growthPercent(samples: readonly number[]): number {
  const third = Math.max(1, Math.floor(samples.length / 3));
  const before = middleOf(samples.slice(0, third));
  return (100 * (middleOf(samples.slice(-third)) - before)) / before;
}

function middleOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
