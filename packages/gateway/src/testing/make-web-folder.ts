import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { brotliCompressSync } from 'node:zlib';

/** A folder as the build of the web app leaves it, with a file of each kind. */
export async function makeWebFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'kilas-web-'));
  await mkdir(path.join(folder, 'assets'));
  await mkdir(path.join(folder, '.vite'));
  await writeFile(path.join(folder, 'index.html'), '<!doctype html><div id="root"></div>');
  await writeFile(path.join(folder, 'assets/main-abc.js'), 'export {};');
  await writeFile(path.join(folder, 'assets/main-abc.js.br'), brotliCompressSync('export {};'));
  await writeFile(path.join(folder, '.vite/manifest.json'), '{"secret":true}');
  return folder;
}
