import type { Credentials } from '@kilas/client/journey/people.ts';
import type { Page } from 'playwright-core';

/** Signs in on the page that is open, and waits until it led on. */
export async function signIn(page: Page, { login, password }: Credentials): Promise<void> {
  await page.getByLabel('E-mail or username').fill(login);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL((url) => url.pathname !== '/sign-in');
}
