import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { until } from '@kilas/client/journey/people.ts';
import { createEvent } from '@kilas/client/journey/sell-photos.ts';
import { samplePhotoFiles } from '@kilas/samples/photos.ts';
import { openBrowser, type TestBrowser, type ViewportName } from '@kilas/testkit/browser/open-browser.ts';
import { foundChromium, openTestPage, testWithBrowser } from '@kilas/testkit/browser/test-with-browser.ts';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect } from 'vitest';
import { openSite, type Site } from './open-site.ts';
import { signIn } from './sign-in.ts';

const goodCount = 297;
const damagedCount = 3;
const cutMs = 10_000;

let site: Site;
let browser: TestBrowser;

beforeAll(async () => {
  if (foundChromium === undefined) return;
  browser = await openBrowser({ found: foundChromium });
  site = await openSite();
});

afterAll(async () => {
  await browser?.close();
  await site?.stop();
});

for (const viewport of ['phone', 'desktop'] as const satisfies readonly ViewportName[]) {
  testWithBrowser(
    `300 files of a folder arrive once each, through a cut and a reload, and damaged ones say why: ${viewport}`,
    { timeout: 1_200_000 },
    async (context) => {
      const { client, credentials } = site.creator;
      const eventId = await createEvent(client, `Run on a ${viewport}`, 'public');
      const folder = await makeFolder(viewport);
      const opened = await openTestPage(browser, context, { url: site.url, viewport });
      const { page } = opened;
      await page.goto('/sign-in');
      await signIn(page, credentials);
      await page.goto(`/studio/upload?event=${eventId}`);
      await page.getByLabel('Price of each photo').fill('50000');
      await choose(page, folder);

      await arrived(eventId, 40);
      await opened.context.setOffline(true);
      await page.waitForTimeout(cutMs);
      await opened.context.setOffline(false);
      await arrived(eventId, 120);
      await page.reload();
      // Nobody can give a page back the files that somebody chose: it asks for them.
      await page.getByText('Choose the same folder or photos again').waitFor();
      await choose(page, folder);

      await arrived(eventId, goodCount);
      await page.goto(`/studio/upload?event=${eventId}&show=refused`);
      await expect.poll(() => page.getByText(/^Refused: ./).count(), { timeout: 60_000 }).toBe(damagedCount);
      expect(await listed(eventId)).toHaveLength(goodCount);
    },
  );
}

/** Small pictures, each of its own, in folders of folders; among them some of which the end is missing. */
async function makeFolder(name: string): Promise<string> {
  const folder = path.join(site.folder, name);
  const samples = await samplePhotoFiles();
  await mkdir(path.join(folder, 'finish'), { recursive: true });
  for (let number = 0; number < goodCount + damagedCount; number += 1) {
    const picture = await sharp(await readFile(samples[number % samples.length] ?? ''))
      .resize(320 + (number % 40), 240, { fit: 'cover' })
      .modulate({ hue: number, brightness: name === 'phone' ? 1 : 0.9 })
      .jpeg()
      .toBuffer();
    const isDamaged = number % 100 === 99;
    const file = path.join(folder, number % 2 === 0 ? 'finish' : '', `${number}.jpg`);
    await writeFile(file, isDamaged ? picture.subarray(0, picture.length / 2) : picture);
  }
  return folder;
}

async function choose(page: Page, folder: string): Promise<void> {
  await page.locator('input[data-choose=folder]').setInputFiles(folder);
}

async function listed(eventId: string) {
  return (await site.creator.client.list('/v1/creator/photos')).filter((photo) => photo.eventId === eventId);
}

async function arrived(eventId: string, count: number): Promise<void> {
  await until(`${count} photos to arrive`, 900_000, async () => (await listed(eventId)).length >= count || undefined);
}
