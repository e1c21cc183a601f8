import { registerWithPassword } from '@kilas/client/journey/people.ts';
import { samplePhotoFiles } from '@kilas/samples/photos.ts';
import { openBrowser, type TestBrowser } from '@kilas/testkit/browser/open-browser.ts';
import { foundChromium, openTestPage, testWithBrowser } from '@kilas/testkit/browser/test-with-browser.ts';
import { afterAll, beforeAll, expect } from 'vitest';
import { openSite, type Site, type SoldEvent, sellEvent } from './open-site.ts';
import { signIn } from './sign-in.ts';

let site: Site;
let event: SoldEvent;
let browser: TestBrowser;

beforeAll(async () => {
  if (foundChromium === undefined) return;
  browser = await openBrowser({ found: foundChromium });
  site = await openSite();
  event = await sellEvent(site, await samplePhotoFiles(), { name: 'City Run', visibility: 'public' });
});

afterAll(async () => {
  await browser?.close();
  await site?.stop();
});

testWithBrowser('a member signs in, opens an event from the home page and looks at its photos', async (context) => {
  const { credentials } = await registerWithPassword(site.api, 'member');
  const { page } = await openTestPage(browser, context, { url: site.url, viewport: 'phone' });
  await page.goto('/');
  await page.getByRole('banner').getByRole('link', { name: 'Sign in' }).click();
  await signIn(page, credentials);
  await page.getByRole('link', { name: /City Run/ }).click();
  await page.waitForURL(`**/e/${event.eventId}`);
  await page.getByRole('heading', { level: 1, name: 'City Run' }).waitFor();
  const tiles = page.getByRole('main').locator('button[data-index]');
  await expect.poll(() => tiles.count()).toBe(event.uploads.length);
  await tiles.first().click();
  const viewer = page.getByRole('dialog');
  await viewer.getByRole('img').first().waitFor();
  const first = page.url();
  await viewer.getByRole('button', { name: 'Next photo' }).click();
  await page.waitForURL((url) => url.pathname.startsWith('/p/') && url.href !== first);
  await page.keyboard.press('Escape');
  await page.waitForURL(`**/e/${event.eventId}`);
  await tiles.first().waitFor();
});
