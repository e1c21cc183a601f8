import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { findFreePort } from '@kilas/embedded/free-port.ts';
import { makeWebFolder } from '@kilas/gateway/testing/make-web-folder.ts';
import { contentPolicy } from '@kilas/gateway/web-app.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { expect, onTestFinished, test } from 'vitest';

const config = await readFile(path.join(import.meta.dirname, '../deploy/proxies/web.conf'), 'utf8');
const hasNginx = spawnSync('nginx', ['-v']).status === 0;
if (!hasNginx)
  process.stdout.write('skipped, since nginx is not on this machine: the files of the web image as it serves them\n');

test('the nginx of the web image sends the policy that the other runs send', () => {
  expect(/Content-Security-Policy "([^"]+)"/.exec(config)?.[1]).toBe(contentPolicy([]));
});

test.runIf(hasNginx)(
  'the nginx of the web image serves files, the page at every other address, and nothing of the API',
  async () => {
    const url = await startNginx();
    for (const address of ['/', '/e/an-event?share=x', '/studio/events']) {
      const page = await fetch(url + address);
      expect([address, page.status, page.headers.get('cache-control')]).toEqual([address, 200, 'no-cache']);
      expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(page.headers.get('content-security-policy')).toBe(contentPolicy([]));
      expect(await page.text()).toContain('<div id="root">');
    }
    const asset = await fetch(`${url}/assets/main-abc.js`);
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(asset.headers.get('content-encoding')).toBe('gzip');
    expect(asset.headers.get('content-type')).toContain('text/javascript');
    for (const address of [
      '/v1/nothing',
      '/v1',
      '/metrics',
      '/kilas-originals/a',
      '/.vite/manifest.json',
      '/assets/gone.js',
    ]) {
      expect([address, (await fetch(url + address)).status]).toEqual([address, 404]);
    }
  },
);

async function startNginx(): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'kilas-nginx-'));
  const web = await makeWebFolder();
  await writeFile(path.join(web, 'assets/main-abc.js.gz'), gzipSync('export {};'));
  await mkdir(path.join(folder, 'tmp'));
  const port = await findFreePort();
  const here = config
    .replaceAll('/tmp/', `${folder}/tmp/`)
    .replace('root /web;', `root ${web};`)
    .replace('listen 8080;', `listen 127.0.0.1:${port};`)
    .replace('worker_processes auto;', 'worker_processes 1; error_log stderr;');
  await writeFile(path.join(folder, 'nginx.conf'), here);
  const args = ['-e', 'stderr', '-p', folder, '-c', path.join(folder, 'nginx.conf'), '-g', 'daemon off; user root;'];
  const child = spawn('nginx', args, { stdio: 'inherit' });
  const ended = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true, force: true });
    await rm(web, { recursive: true, force: true });
  });
  const url = `http://127.0.0.1:${port}`;
  await waitFor(async () => (await fetch(url).catch(() => undefined))?.ok, { what: 'nginx to answer' });
  return url;
}
