import { glob, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ApiClient } from '@kilas/client/api-client.ts';
import { becomeCreator, registerWithPassword } from '@kilas/client/journey/people.ts';
import type { TestBrowser } from '@kilas/testkit/browser/open-browser.ts';
import { round } from '../numbers.ts';

const sources = path.resolve(import.meta.dirname, '../../apps/web/src');
const roomAddresses = { find: '', studio: '/studio', desk: '/desk' } as const;
type Room = keyof typeof roomAddresses;
/** So long no script is asked for, and all are there. */
const restMs = 700;
const aPhoto = '01920000-0000-7000-8000-000000000000';
/** Workers are no page's: the hint engine of the selfie counts apart, and what reads files belongs to those who upload. */
const isHintWorker = (name: string) => name.startsWith('hints.worker');
const isWorker = (name: string) => name.includes('.worker');

/**
 * For each room, the JavaScript (gzip, as the build left it) that Chromium asks for when a creator enters it and opens every page of it, each
 * file once. Workers are counted whether they are started or not.
 */
export async function countCode(browser: TestBrowser, url: string, folder: string): Promise<Record<string, number>> {
  const assets = path.join(folder, 'assets');
  const workers = (await readdir(assets)).filter((name) => isWorker(name) && name.endsWith('.js'));
  const kbOf = async (names: Iterable<string>) => {
    const sizes = await Promise.all([...names].map(async (name) => (await stat(path.join(assets, `${name}.gz`))).size));
    return round(sizes.reduce((sum, size) => sum + size, 0) / 1_024, 1);
  };
  const find = await scriptsOf(browser, url, await addressesOf('find'));
  const studio = await scriptsOf(browser, url, await addressesOf('studio'));
  const desk = await scriptsOf(browser, url, await addressesOf('desk'));
  const event = await scriptsOf(browser, url, [`/e/${aPhoto}`]);
  return {
    eventKb: await kbOf(event),
    findKb: await kbOf(find),
    studioKb: await kbOf([...studio, ...workers.filter((name) => !isHintWorker(name))]),
    deskKb: await kbOf(desk),
    hintKb: await kbOf(workers.filter(isHintWorker)),
  };
}

/** A page is a folder that holds `page.tsx`; what stands in its address for an id is one that nothing has. */
async function addressesOf(room: Room): Promise<string[]> {
  const addresses: string[] = [];
  for await (const file of glob('**/page.tsx', { cwd: path.join(sources, room) })) {
    const folder = path.dirname(file).replace('$kind', 'wishlist').replaceAll(/\$\w+/g, aPhoto);
    addresses.push(folder === '.' ? roomAddresses[room] || '/' : `${roomAddresses[room]}/${folder}`);
  }
  return addresses;
}

async function scriptsOf(browser: TestBrowser, url: string, addresses: readonly string[]): Promise<Set<string>> {
  const { page, context } = await browser.openPage({ url, viewport: 'phone' });
  try {
    const { client, credentials } = await registerWithPassword(new ApiClient(url), 'reader');
    await becomeCreator(client, 'Bench Reader');
    const signIn = { data: { ...credentials, delivery: 'cookie' } };
    const answer = await context.request.post('/v1/auth/sign-in', signIn);
    if (!answer.ok()) throw new Error(`the sign-in answered ${answer.status()}`);
    const scripts = new Set<string>();
    page.on('request', (request) => {
      const { pathname } = new URL(request.url());
      if (pathname.startsWith('/assets/') && pathname.endsWith('.js')) scripts.add(path.basename(pathname));
    });
    for (const address of addresses) {
      // As a link would lead here that has signed the browser in.
      await page.goto(`${address}#signed-in`);
      await page.locator('main, h1').first().waitFor();
      // Somebody who is signed in has a stream open, so the network is never idle.
      for (let count = -1; count < scripts.size; await delay(restMs)) count = scripts.size;
    }
    return new Set([...scripts].filter((name) => !isWorker(name)));
  } finally {
    await context.close();
  }
}
