import type { TestBrowser } from '@kilas/testkit/browser/open-browser.ts';
import type { Page } from 'playwright-core';
import { round } from '../numbers.ts';
import type { BenchEvent } from './make-event.ts';
import { awaitFirstTile, readNotes, watchPage } from './watch-page.ts';

/** Of a screen, so that rows at its edges are drawn twice rather than never. */
const sweepStep = 0.9;
const slowPlaces = 5;
const slowFrames = 60;
const slowPixels = 25;

export interface Scrolled {
  /** 0 where none took 50 ms. */
  readonly longestTaskMs: number;
  readonly reachable: number;
  readonly scrollCls: number;
  readonly heapMb: number;
}

/** The whole event on a laptop, from top to bottom. */
export async function measureScroll(
  browser: TestBrowser,
  url: string,
  event: BenchEvent,
  say: (message: string) => void,
): Promise<Scrolled> {
  const { page, context, faults } = await browser.openPage({ url, viewport: 'desktop' });
  try {
    const given = new Set<string>();
    let segments = 0;
    page.on('response', async (response) => {
      if (!new URL(response.url()).pathname.endsWith('/columns') || !response.ok()) return;
      const columns: { photoIds: string[] } = await response.json().catch(() => ({ photoIds: [] }));
      for (const photoId of columns.photoIds) given.add(photoId);
      segments += 1;
    });
    await watchPage(page);
    await page.goto(`/e/${event.eventId}`);
    await awaitFirstTile(page);
    const session = await context.newCDPSession(page);
    await page.evaluate('bench.notes.tasks.length = 0');
    await jumpThrough(page, Math.ceil(event.photoIds.size / 1_000) * 2);
    say(`jumped through ${segments} answers with ${given.size} photos`);
    await page.evaluate('bench.jump(0)');
    const drawn = await page.evaluate<number>(`bench.sweep(${sweepStep})`);
    say(`drew ${drawn} places from top to bottom`);
    await scrollSlowly(page);
    const { cls, shifted, longestTaskMs } = await readNotes(page);
    if (cls > 0) say(`shifted: ${[...new Set(shifted)].join('\n  ')}`);
    const known = [...given].filter((photoId) => event.photoIds.has(photoId)).length;
    if (faults.length > 0) throw new Error(`the page has faults: ${faults.join('; ')}`);
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    return {
      longestTaskMs: round(longestTaskMs),
      reachable: Math.min(known, drawn) / event.photoIds.size,
      scrollCls: round(cls, 4),
      heapMb: round(usedSize / 1_048_576, 1),
    };
  } finally {
    await context.close();
  }
}

/** To places one after the other; waits at each until photos stand there. */
async function jumpThrough(page: Page, places: number): Promise<void> {
  for (let place = 0; place <= places; place += 1) {
    await page.evaluate(`bench.jump(${place / places})`);
    await page.evaluate('bench.drawn()');
  }
}

/** As somebody who looks at the photos, at some places of the list: their images come. */
async function scrollSlowly(page: Page): Promise<void> {
  for (let place = 0; place < slowPlaces; place += 1) {
    await page.evaluate(`bench.jump(${(place + 0.5) / slowPlaces})`);
    await page.evaluate(`bench.stroll(${slowFrames}, ${slowPixels})`);
  }
}
