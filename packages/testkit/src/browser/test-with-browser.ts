import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { expect, onTestFinished, type TestContext, test } from 'vitest';
import { type Chromium, findChromium } from './find-chromium.ts';
import type { PageOptions, TestBrowser, WatchedPage } from './open-browser.ts';

const root = path.resolve(import.meta.dirname, '../../../..');

/** The browser of this machine; undefined where none runs. */
export const foundChromium = await findChromium().catch((error: unknown): Chromium | undefined => {
  const why = error instanceof Error ? error.message : String(error);
  process.stdout.write(`skipped: tests in a browser, for no Chromium runs here: ${why}\n`);
  return undefined;
});

/** A test in Chromium; where there is none it is skipped. */
export const testWithBrowser = test.skipIf(foundChromium === undefined);

/** A page until the test is over, which fails when anything went wrong in it that no person sees. */
export async function openTestPage(
  browser: TestBrowser,
  { task }: Pick<TestContext, 'task'>,
  options: PageOptions,
): Promise<WatchedPage> {
  const opened = await browser.openPage(options);
  opened.page.setDefaultTimeout(20_000);
  onTestFinished(async () => {
    if (task.result?.state === 'fail') await keepPicture(opened.page, task.name);
    await opened.context.close();
    expect(opened.faults, 'what went wrong in the browser').toEqual([]);
  });
  return opened;
}

/** For who looks why a test failed. */
async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = path.join(root, 'screenshots/failed');
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, `${name.replaceAll(/\W+/g, '-').slice(0, 80)}.png`);
  await page.screenshot({ path: file }).catch(() => undefined);
}
