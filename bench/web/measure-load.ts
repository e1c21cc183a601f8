import type { TestBrowser } from '@kilas/testkit/browser/open-browser.ts';
import { median, round } from '../numbers.ts';
import { awaitFirstTile, readNotes, type Watched, watchPage } from './watch-page.ts';

/** A phone of the middle class in a network of the middle class. */
const cpuSlowdown = 4;
const bytesPerSecond = 1_600_000 / 8;
const latencyMs = 150;
const idleTimeoutMs = 60_000;

export interface Load extends Watched {
  readonly bytes: number;
}

/** The event page, as somebody sees it who was never here. */
export async function measureLoad(browser: TestBrowser, url: string, path: string): Promise<Load> {
  const { page, context, faults } = await browser.openPage({ url, viewport: 'phone', deviceScaleFactor: 2 });
  try {
    const session = await context.newCDPSession(page);
    await session.send('Network.enable');
    await session.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: latencyMs,
      downloadThroughput: bytesPerSecond,
      uploadThroughput: bytesPerSecond,
    });
    await session.send('Emulation.setCPUThrottlingRate', { rate: cpuSlowdown });
    let bytes = 0;
    session.on('Network.loadingFinished', ({ encodedDataLength }) => {
      bytes += encodedDataLength;
    });
    await watchPage(page);
    await page.goto(path, { waitUntil: 'commit' });
    await awaitFirstTile(page);
    await page.waitForLoadState('networkidle', { timeout: idleTimeoutMs });
    if (faults.length > 0) throw new Error(`the page has faults: ${faults.join('; ')}`);
    return { ...(await readNotes(page)), bytes };
  } finally {
    await context.close();
  }
}

/** Each figure by itself: its median of the loads. */
export function medianLoad(loads: readonly Load[]) {
  const of = (read: (load: Load) => number, digits = 0) => round(median(loads.map(read)), digits);
  return {
    lcpMs: of((load) => load.lcpMs),
    fcpMs: of((load) => load.fcpMs),
    tilesMs: of((load) => load.tilesMs),
    tbtMs: of((load) => load.tbtMs),
    loadCls: Math.max(...loads.map(({ cls }) => round(cls, 4))),
    loadKb: of((load) => load.bytes / 1_024),
  };
}
