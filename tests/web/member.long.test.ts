import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type ApiClient, answerOf } from '@kilas/client/api-client.ts';
import { listFound } from '@kilas/client/journey/find-photos.ts';
import { makeSelfie } from '@kilas/samples/photos.ts';
import { writeCameraVideo } from '@kilas/testkit/browser/camera-video.ts';
import { openBrowser, type TestBrowser } from '@kilas/testkit/browser/open-browser.ts';
import { foundChromium, openTestPage, testWithBrowser } from '@kilas/testkit/browser/test-with-browser.ts';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import yauzl from 'yauzl';
import { confirmationLink } from './confirmation-link.ts';
import { type Hand, keyboard, pointer } from './hands.ts';
import { openSite, type Site, sellEvent, shareTokenOf } from './open-site.ts';
import { partyPhotos } from './stage.ts';

/** The photos in which the one before the camera stands. */
const mine = ['again.jpg', 'mirrored.jpg', 'sample1.jpg'];
const patience = { timeout: 60_000 };

let site: Site;
let files: string[];
let link: string;
let browser: TestBrowser;

beforeAll(async () => {
  if (foundChromium === undefined) return;
  site = await openSite();
  files = await partyPhotos(site);
  const { eventId } = await sellEvent(site, files, { name: 'Office party', visibility: 'matches', isRecognised: true });
  link = `/e/${eventId}?share=${await shareTokenOf(site, eventId)}`;
  const cameraFile = path.join(site.folder, 'camera.mjpeg');
  await writeCameraVideo(cameraFile, (await makeSelfie()).bytes);
  browser = await openBrowser({ cameraFile, found: foundChromium });
}, 300_000);

afterAll(async () => {
  await browser?.close();
  await site?.stop();
});

testWithBrowser.for([
  ['on a phone', 'phone', pointer],
  ['on a desktop', 'desktop', pointer],
  ['by keyboard alone', 'desktop', keyboard],
] as const)(
  '%s a member comes by a link, finds exactly their photos, buys two and gets the originals',
  async (way, context) => {
    const [, viewport, handOf] = way;
    const { page } = await openTestPage(browser, context, { url: site.url, viewport });
    const hand = handOf(page);
    await page.goto(link);
    await hand.press(page.getByRole('main').getByRole('link', { name: 'Find me' }));
    const member = await signUp(page, hand);
    await findMyself(page, hand);
    expect((await listFound(member)).map(({ title }) => title).sort()).toEqual(
      mine.map((name) => path.parse(name).name),
    );
    await rejectAndTakeBack(page, hand, member);
    await buyTwo(page, hand);
    const bought = await downloadAll(page, hand);
    const originals = await Promise.all(mine.map((name) => readFile(files.find((file) => file.endsWith(name)) ?? '')));
    expect(bought).toHaveLength(2);
    expect(new Set(bought.map(sha256)).size).toBe(2);
    for (const file of bought) expect(originals.map(sha256)).toContain(sha256(file));
  },
);

/** Signs up, confirms by the link of the mail and signs in, which leads back to where the way began. */
async function signUp(page: Page, hand: Hand): Promise<ApiClient> {
  const main = page.getByRole('main');
  await hand.press(main.getByRole('link', { name: 'Sign up' }));
  const username = `member_${randomBytes(4).toString('hex')}`;
  const [login, password] = [`${username}@example.com`, randomBytes(12).toString('base64url')];
  await hand.type(page.getByLabel('E-mail'), login);
  await hand.type(page.getByLabel('Username'), username);
  await hand.type(page.getByLabel('Password'), password);
  await hand.press(main.getByRole('button', { name: 'Sign up' }));
  await page.getByRole('heading', { name: 'Look into your mail' }).waitFor();
  await page.goto(await confirmationLink(site, login));
  await hand.press(page.getByRole('button', { name: 'Confirm my address' }));
  await hand.type(page.getByLabel('E-mail or username'), login);
  await hand.type(page.getByLabel('Password'), password);
  await hand.press(main.getByRole('button', { name: 'Sign in' }));
  await page.waitForURL('**/find-me?event=*');
  const { accessToken } = await answerOf(site.api.rest.POST('/v1/auth/sign-in', { body: { login, password } }));
  return site.api.as(accessToken);
}

/** Agrees, lets the camera take the selfie and waits for what is found. */
async function findMyself(page: Page, hand: Hand): Promise<void> {
  await hand.press(page.getByRole('button', { name: /I agree/ }));
  const shutter = page.getByRole('button', { name: 'Take the selfie' });
  await shutter.waitFor();
  const found = page.getByRole('heading', { name: 'You are in 3 photos' });
  // All being well, the camera takes the selfie by itself.
  const isTaken = await page.getByRole('img', { name: 'Your selfie' }).or(found).waitFor().then(isTrue, isFalse);
  if (!isTaken) await hand.press(shutter);
  await found.waitFor(patience);
}

async function rejectAndTakeBack(page: Page, hand: Hand, member: ApiClient): Promise<void> {
  const countFound = async () => (await listFound(member)).length;
  await hand.press(page.getByRole('link', { name: 'See my photos' }));
  await hand.press(tiles(page).first());
  await hand.press(page.getByRole('dialog').getByRole('button', { name: 'Not me' }));
  await expect.poll(countFound, patience).toBe(2);
  await page.keyboard.press('Escape');
  await page.waitForURL(({ pathname }) => pathname === '/photos');
  await hand.press(page.getByRole('main').getByRole('link', { name: 'Not me' }));
  await hand.press(page.getByRole('button', { name: 'It is me after all' }));
  await expect.poll(countFound, patience).toBe(3);
  await hand.press(page.getByRole('main').getByRole('link', { name: 'Found' }));
  await expect.poll(() => tiles(page).count(), patience).toBe(3);
}

async function buyTwo(page: Page, hand: Hand): Promise<void> {
  await hand.press(tiles(page).first());
  const viewer = page.getByRole('dialog');
  await hand.press(viewer.getByRole('button', { name: 'Add to cart' }));
  await viewer.getByRole('link', { name: 'In your cart' }).waitFor();
  const first = page.url();
  await hand.press(viewer.getByRole('button', { name: 'Next photo' }));
  await page.waitForURL((url) => url.href !== first);
  await hand.press(viewer.getByRole('button', { name: 'Add to cart' }));
  await hand.press(viewer.getByRole('link', { name: 'In your cart' }));
  await hand.press(page.getByRole('button', { name: 'Check out' }));
  await hand.press(page.getByRole('button', { name: /^Pay Rp\s100\.000/ }));
  await page.waitForURL('**/sandbox/payments/*');
  await hand.press(page.getByRole('button', { name: 'Pay' }));
  await page.waitForURL('**/orders/*');
}

async function downloadAll(page: Page, hand: Hand): Promise<Buffer[]> {
  const [download] = await Promise.all([
    page.waitForEvent('download', patience),
    hand.press(page.getByRole('button', { name: 'Download all 2 photos' })),
  ]);
  const zip = await yauzl.openPromise(await download.path(), { lazyEntries: true });
  const photos: Buffer[] = [];
  for await (const entry of zip.eachEntry()) photos.push(await read(await zip.openReadStreamPromise(entry)));
  return photos;
}

function tiles(page: Page) {
  return page.getByRole('list', { name: 'Photos in which you were found' }).locator('button[data-index]');
}

async function read(stream: NodeJS.ReadableStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

const isTrue = () => true;
const isFalse = () => false;
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
