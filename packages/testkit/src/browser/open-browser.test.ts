import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect } from 'vitest';
import { accessibilityFaults } from './accessibility-faults.ts';
import { openBrowser, type TestBrowser } from './open-browser.ts';
import { foundChromium, testWithBrowser } from './test-with-browser.ts';

const pages: Readonly<Record<string, string>> = {
  '/good': '<!doctype html><html lang="en"><title>t</title><main><h1>Hello</h1></main>',
  '/favicon.ico': '',
  '/bad': `<!doctype html><title>t</title><img src="http://elsewhere.example/a.png"><button></button>
    <script>console.error('written'); fetch('/broken'); setTimeout(() => { throw new Error('thrown'); })</script>`,
};
const server = createServer((request, response) => {
  const page = pages[request.url ?? ''];
  response.writeHead(page === undefined ? 500 : 200, { 'content-type': 'text/html' }).end(page ?? '');
});
let browser: TestBrowser | undefined;
let url = '';

beforeAll(async () => {
  if (foundChromium === undefined) return;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await openBrowser({ found: foundChromium });
});

afterAll(async () => {
  await browser?.close();
  server.close();
});

testWithBrowser('errors of the console and of scripts, answers of 500 and requests to others are faults', async () => {
  const { page, faults } = await openPage();
  await page.goto('/good', { waitUntil: 'networkidle' });
  expect(faults).toEqual([]);
  await page.goto('/bad', { waitUntil: 'networkidle' });
  for (const fault of ['console: written', 'thrown', `500: ${url}/broken`, 'foreign: http://elsewhere.example/a.png']) {
    expect(faults.join('\n')).toContain(fault);
  }
});

testWithBrowser('what keeps somebody out of a page is found', async () => {
  const { page } = await openPage();
  await page.goto('/good');
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.goto('/bad');
  const faults = (await accessibilityFaults(page)).join('\n');
  for (const rule of ['button-name', 'html-has-lang', 'image-alt']) expect(faults).toContain(rule);
});

async function openPage() {
  if (browser === undefined) throw new Error('no browser was opened');
  return browser.openPage({ url, viewport: 'phone' });
}
