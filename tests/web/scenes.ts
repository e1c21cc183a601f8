import type { TestBrowser, ViewportName, WatchedPage } from '@kilas/testkit/browser/open-browser.ts';
import type { Page } from 'playwright-core';
import { comeSignedIn } from './sign-in.ts';
import type { Role, Stage } from './stage.ts';

/** A page of the web app in one of its states. */
export interface Scene {
  /** As a file may be named. */
  readonly name: string;
  readonly as?: Role;
  readonly path: (stage: Stage) => string;
  /** What a person does there first. */
  readonly act?: (page: Page) => Promise<void>;
  /** One of those that say most about the app. */
  readonly isMain?: boolean;
}

const noId = '00000000-0000-4000-8000-000000000000';
const at = (path: string) => () => path;
const photoOf = ({ landscape }: Stage, index: number) => landscape.uploads[index]?.photoId ?? noId;

/** Every page, in its main states. */
export const scenes: readonly Scene[] = [
  { name: 'landing', path: at('/'), isMain: true },
  { name: 'landing-menu', path: at('/'), act: (page) => page.getByRole('button', { name: 'Menu' }).click() },
  { name: 'event', path: ({ landscape }) => `/e/${landscape.eventId}`, isMain: true },
  { name: 'event-scrolled', path: ({ landscape }) => `/e/${landscape.eventId}`, act: scrollDown },
  { name: 'event-by-link', path: ({ party, share }) => `/e/${party.eventId}?share=${share}`, isMain: true },
  { name: 'event-missing', path: at(`/e/${noId}`) },
  { name: 'photo-visitor', path: (stage) => `/p/${photoOf(stage, 8)}`, isMain: true },
  { name: 'photo-missing', path: at(`/p/${noId}`) },
  { name: 'sign-in', path: at('/sign-in'), isMain: true },
  { name: 'sign-in-refused', path: at('/sign-in'), act: signInWrongly },
  { name: 'sign-up', path: at('/sign-up') },
  { name: 'sign-up-refused', path: at('/sign-up'), act: signUpWrongly },
  { name: 'confirm', path: at(`/confirm?token=${'x'.repeat(43)}`) },
  { name: 'confirm-incomplete', path: at('/confirm') },
  { name: 'find-me-visitor', path: ({ landscape }) => `/find-me?event=${landscape.eventId}`, isMain: true },
  { name: 'not-found', path: at('/nowhere') },
  { name: 'find-me-consent', as: 'newcomer', path: at('/find-me'), isMain: true },
  { name: 'photos-empty', as: 'newcomer', path: at('/photos') },
  { name: 'cart-empty', as: 'newcomer', path: at('/cart') },
  { name: 'checkout-empty', as: 'newcomer', path: at('/checkout') },
  { name: 'orders-empty', as: 'newcomer', path: at('/orders') },
  { name: 'purchases-empty', as: 'newcomer', path: at('/purchases') },
  { name: 'wishlist-empty', as: 'newcomer', path: at('/lists/wishlist') },
  { name: 'notices-empty', as: 'newcomer', path: at('/notices') },
  { name: 'account-newcomer', as: 'newcomer', path: at('/account') },
  { name: 'studio-join', as: 'newcomer', path: at('/studio/join') },
  { name: 'find-me-found', as: 'member', path: at('/find-me'), isMain: true },
  { name: 'photos', as: 'member', path: at('/photos'), isMain: true },
  { name: 'photo-member', as: 'member', path: (stage) => `/p/${photoOf(stage, 3)}` },
  { name: 'photo-wide', as: 'member', path: (stage) => `/p/${photoOf(stage, 2)}`, isMain: true },
  { name: 'photo-bought', as: 'member', path: (stage) => `/p/${photoOf(stage, 0)}` },
  { name: 'wishlist', as: 'member', path: at('/lists/wishlist') },
  { name: 'favourites', as: 'member', path: at('/lists/favourites') },
  { name: 'cart', as: 'member', path: at('/cart'), isMain: true },
  { name: 'checkout', as: 'member', path: at('/checkout'), isMain: true },
  { name: 'orders', as: 'member', path: at('/orders') },
  { name: 'order-paid', as: 'member', path: ({ orders }) => `/orders/${orders.paid}` },
  { name: 'order-pending', as: 'member', path: ({ orders }) => `/orders/${orders.pending}`, isMain: true },
  { name: 'order-missing', as: 'member', path: at(`/orders/${noId}`) },
  { name: 'purchases', as: 'member', path: at('/purchases'), isMain: true },
  { name: 'notices', as: 'member', path: at('/notices'), isMain: true },
  { name: 'account', as: 'member', path: at('/account'), isMain: true },
  {
    name: 'account-menu',
    as: 'member',
    path: at('/'),
    act: (page) => page.getByRole('button', { name: 'Account' }).click(),
  },
  { name: 'receipt-missing', as: 'member', path: at(`/account/receipts/${noId}`) },
  { name: 'studio', as: 'creator', path: at('/studio'), isMain: true },
  { name: 'studio-events', as: 'creator', path: at('/studio/events') },
  { name: 'studio-event', as: 'creator', path: ({ landscape }) => `/studio/events/${landscape.eventId}`, isMain: true },
  { name: 'studio-event-new', as: 'creator', path: at('/studio/events/new') },
  {
    name: 'studio-upload',
    as: 'creator',
    path: ({ landscape }) => `/studio/upload?event=${landscape.eventId}`,
    isMain: true,
  },
  { name: 'studio-photo', as: 'creator', path: (stage) => `/studio/photos/${photoOf(stage, 0)}` },
  { name: 'studio-earnings', as: 'creator', path: at('/studio/earnings'), isMain: true },
  { name: 'studio-beginner', as: 'beginner', path: at('/studio') },
  { name: 'studio-events-empty', as: 'beginner', path: at('/studio/events') },
  { name: 'studio-earnings-empty', as: 'beginner', path: at('/studio/earnings') },
  { name: 'desk-refused', as: 'member', path: at('/desk') },
];

/** Opens a browser's page for somebody of the stage, signed in; undefined is a visitor. */
export async function enter(
  browser: TestBrowser,
  stage: Stage,
  role: Role | undefined,
  options: { viewport: ViewportName; language?: 'en-GB' | 'id-ID' },
): Promise<WatchedPage> {
  const opened = await browser.openPage({ url: stage.site.url, ...options });
  if (role === undefined) return opened;
  await comeSignedIn(opened, stage.people[role].credentials);
  return opened;
}

/** Shows a scene, and waits until it has stopped changing. */
export async function show(page: Page, scene: Scene, stage: Stage): Promise<void> {
  await page.goto(scene.path(stage));
  await settle(page);
  if (scene.act === undefined) return;
  await scene.act(page);
  await settle(page);
}

/** Lets a page follow the theme of its system, and waits until its colours have faded, which takes 150 ms. */
export async function turnTo(page: Page, theme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme: theme });
  await page.waitForTimeout(400);
}

/** No skeleton, nothing that turns, and every picture on the screen is there. */
const isSettled = `(() => {
  const near = [...document.images].filter((image) => {
    const { top, bottom, width } = image.getBoundingClientRect();
    return width > 0 && bottom > 0 && top < innerHeight;
  });
  return document.querySelector('h1, [role=alert], dialog[open]') !== null &&
    document.querySelector('main .animate-pulse, main .animate-spin') === null &&
    near.every((image) => image.complete && getComputedStyle(image).opacity === '1');
})()`;
const settleMs = 8_000;

async function settle(page: Page): Promise<void> {
  // Asked from outside: a function that the page itself would run again and again is what its policy forbids.
  const deadline = Date.now() + settleMs;
  while (!(await page.evaluate<boolean>(isSettled)) && Date.now() < deadline) await page.waitForTimeout(50);
  await page.waitForTimeout(150);
}

async function scrollDown(page: Page): Promise<void> {
  await page.mouse.move(200, 500);
  await page.mouse.wheel(0, 900);
}

async function signInWrongly(page: Page): Promise<void> {
  await page.getByLabel('E-mail or username').fill('somebody');
  await page.getByLabel('Password').fill('not the password');
  await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
  await page.locator('[aria-invalid=true], [role=alert]').first().waitFor();
}

async function signUpWrongly(page: Page): Promise<void> {
  await page.getByLabel('E-mail').fill('somebody@example.com');
  await page.getByLabel('Username').fill('a b');
  await page.getByLabel('Password').fill('short');
  await page.getByRole('main').getByRole('button', { name: 'Sign up' }).click();
  await page.locator('[aria-invalid=true], [role=alert]').first().waitFor();
}
