import type { Credentials } from '@kilas/client/journey/people.ts';
import type { WatchedPage } from '@kilas/testkit/browser/open-browser.ts';
import type { Page } from 'playwright-core';

/** Signs in on the page that is open, and waits until it led on. */
export async function signIn(page: Page, { login, password }: Credentials): Promise<void> {
  await page.getByLabel('E-mail or username').fill(login);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL((url) => url.pathname !== '/sign-in');
}

/** Makes a browser that of somebody who signed in before. */
export async function comeSignedIn({ page, context }: WatchedPage, credentials: Credentials): Promise<void> {
  await context.request.post('/v1/auth/sign-in', { data: { ...credentials, delivery: 'cookie' } });
  await page.goto('/#signed-in');
  await page.getByRole('button', { name: /Account|Akun/ }).waitFor();
}
