import { answerOf, asForm } from '@kilas/client/api-client.ts';
import { buyPhoto } from '@kilas/client/journey/buy-photo.ts';
import { enrolSelfie } from '@kilas/client/journey/find-photos.ts';
import { giveConsent, registerWithPassword } from '@kilas/client/journey/people.ts';
import { drawPhoto } from '@kilas/samples/draw-photo.ts';
import { makeSelfie, samplePhotoFiles } from '@kilas/samples/photos.ts';
import { openBrowser, type TestBrowser } from '@kilas/testkit/browser/open-browser.ts';
import { foundChromium, openTestPage, testWithBrowser } from '@kilas/testkit/browser/test-with-browser.ts';
import { afterAll, beforeAll, expect, type TestContext } from 'vitest';
import { awaitSale, openSite, type Person, type Site, type SoldEvent, sellEvent, writePictures } from './open-site.ts';
import { comeSignedIn, signIn } from './sign-in.ts';

const patience = { timeout: 60_000 };

let site: Site;
/** Of drawn photos; each test takes one of its own. */
let fair: SoldEvent;
let browser: TestBrowser;

beforeAll(async () => {
  if (foundChromium === undefined) return;
  // Without a picture for its camera: no page may use it.
  browser = await openBrowser({ found: foundChromium });
  site = await openSite();
  const drawn = Array.from({ length: 4 }, async (_, at) => [`${at}.jpg`, await drawPhoto(at, 900, 600)] as const);
  const files = await writePictures(site, Object.fromEntries(await Promise.all(drawn)));
  fair = await sellEvent(site, files, { name: 'Village fair', visibility: 'public' });
  const [sample = ''] = await samplePhotoFiles();
  await sellEvent(site, [sample], { name: 'Office party', visibility: 'matches', isRecognised: true });
}, 300_000);

afterAll(async () => {
  await browser?.close();
  await site?.stop();
});

testWithBrowser(
  'a session that ends says so, and leads through signing in back to what was to be paid',
  async (context) => {
    const { page, person } = await comeWithCart(context, 0);
    await page.goto('/cart');
    await page.getByRole('button', { name: 'Check out' }).waitFor();
    for (const { sessionId } of await person.client.list('/v1/me/sessions')) {
      await person.client.rest.DELETE('/v1/me/sessions/{sessionId}', { params: { path: { sessionId } } });
    }
    await page.getByRole('button', { name: 'Check out' }).click();
    const note = page.getByRole('alert').filter({ hasText: 'You have been signed out' });
    await note.getByRole('link', { name: 'Sign in' }).click();
    await signIn(page, person.credentials);
    await page.getByRole('button', { name: /^Pay Rp\s50\.000/ }).waitFor();
  },
);

testWithBrowser('a price that changed is said, and paid only when it was seen', async (context) => {
  const { page, person, photoId } = await comeWithCart(context, 1);
  await page.goto('/checkout');
  const pay = page.getByRole('button', { name: /^Pay Rp\s50\.000/ });
  await pay.waitFor();
  const changing = { params: { path: { photoId } }, body: { priceIdr: 60_000 } };
  await site.creator.client.rest.PATCH('/v1/photos/{photoId}', changing);
  await pay.click();
  await page.getByRole('alert').getByText('The prices have changed').waitFor();
  expect(await person.client.list('/v1/orders')).toEqual([]);
  await page.getByRole('button', { name: /^Pay Rp\s60\.000/ }).click();
  await page.waitForURL('**/sandbox/payments/*');
});

testWithBrowser('an exclusive photo that was sold meanwhile is said to be, and nothing is ordered', async (context) => {
  const { page, person, photoId } = await comeWithCart(context, await sellExclusive());
  await page.goto('/checkout');
  const pay = page.getByRole('button', { name: /^Pay Rp/ });
  await pay.waitFor();
  await buyPhoto((await registerWithPassword(site.api, 'quicker')).client, photoId);
  await pay.click();
  await page.getByText('Sold to somebody else').waitFor();
  await page.getByRole('link', { name: 'Back to the cart' }).waitFor();
  expect(await person.client.list('/v1/orders')).toEqual([]);
});

testWithBrowser('a payment that failed can be made again, and the order waits for it', async (context) => {
  const { page } = await comeWithCart(context, 2);
  await page.goto('/checkout');
  await page.getByRole('button', { name: /^Pay Rp/ }).click();
  await page.getByRole('button', { name: 'Decline' }).click();
  await page.getByText('The last attempt was declined. You can try again.').waitFor();
  await page.getByRole('link', { name: 'Back to your order' }).click();
  await page.getByRole('link', { name: /^Pay Rp/ }).click();
  await page.getByRole('button', { name: 'Pay' }).click();
  await page.waitForURL('**/orders/*');
  await page.getByRole('button', { name: 'Download the photo' }).waitFor(patience);
});

testWithBrowser('who refuses the camera takes a picture instead', async (context) => {
  const person = await registerWithPassword(site.api, 'shy');
  await giveConsent(person.client);
  const { page } = await openFor(context, person);
  // A browser without a window has nobody who could refuse: some of them wait for ever.
  await page.addInitScript(
    "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('refused', 'NotAllowedError'));",
  );
  await page.goto('/find-me');
  await page.getByText('The camera is not allowed for this page').waitFor();
  const { bytes } = await makeSelfie();
  const chooser = page.waitForEvent('filechooser');
  await page.getByText('Use a picture instead').click();
  await (await chooser).setFiles({ name: 'selfie.jpg', mimeType: 'image/jpeg', buffer: bytes });
  await page.getByRole('heading', { name: 'You are in 1 photo' }).waitFor(patience);
});

testWithBrowser('without a network the page says so, and goes on when it is back', async (context) => {
  const opened = await comeWithCart(context, 3);
  const { page } = opened;
  await page.goto('/checkout');
  const pay = page.getByRole('button', { name: /^Pay Rp\s50\.000/ });
  await pay.waitFor();
  await opened.context.setOffline(true);
  await page.getByText('You are offline').waitFor();
  await pay.click();
  await page.getByRole('alert').getByText('Kilas cannot be reached').waitFor(patience);
  await opened.context.setOffline(false);
  await expect.poll(() => page.getByText('You are offline').count()).toBe(0);
  await pay.click();
  await page.waitForURL('**/sandbox/payments/*');
});

testWithBrowser('whoever withdraws their consent is in no photo any more and gets a receipt', async (context) => {
  const person = await registerWithPassword(site.api, 'leaving');
  await giveConsent(person.client);
  await enrolSelfie(person.client, await makeSelfie());
  const { page } = await openFor(context, person);
  await page.goto('/photos');
  await page.locator('main button[data-index]').waitFor();
  await page.goto('/account');
  await page.getByRole('button', { name: 'Withdraw my consent' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('checkbox').check();
  await dialog.getByRole('button', { name: 'Withdraw my consent' }).click();
  await page.getByRole('heading', { name: 'Receipt of your withdrawal' }).waitFor();
  await page.getByText('Everything that goes at once is erased.').waitFor({ timeout: 180_000 });
  await page.getByText('1 template of your face').waitFor();
  expect(await person.client.list('/v1/explore')).toEqual([]);
  expect((await answerOf(person.client.rest.GET('/v1/facecams'))).items).toEqual([]);
  await page.goto('/photos');
  await page.getByRole('heading', { name: 'Find yourself in seconds' }).waitFor();
});

async function openFor(context: TestContext, person: Person) {
  const opened = await openTestPage(browser, context, { url: site.url, viewport: 'phone' });
  await comeSignedIn(opened, person.credentials);
  return { ...opened, person };
}

/** Somebody with a photo in the cart: one of the fair, which no other test takes, or another. */
async function comeWithCart(context: TestContext, of: number | string) {
  const photoId = typeof of === 'string' ? of : (fair.uploads[of]?.photoId ?? '');
  const person = await registerWithPassword(site.api, 'buyer');
  await person.client.rest.PUT('/v1/cart/{photoId}', { params: { path: { photoId } } });
  return { ...(await openFor(context, person)), photoId };
}

async function sellExclusive(): Promise<string> {
  const photo = [new File([new Uint8Array(await drawPhoto(9, 900, 600))], 'only-one.jpg')];
  const body = { priceIdr: '50000', sale: 'exclusive' as const, eventId: fair.eventId, photo };
  const { client } = site.creator;
  const { items } = await answerOf(client.rest.POST('/v1/uploads/photos', { body, bodySerializer: asForm }));
  const photoId = items[0]?.photoId ?? '';
  await awaitSale(client, [photoId]);
  return photoId;
}
