import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { makePoison } from './load/make-poison.ts';

const hook = new URL('./poison.ts', import.meta.url).href;
const decodeImage = import.meta.resolve('@kilas/face-engine/pixels/decode-image.ts');

/** Reads a picture in a worker of a process of its own, as an engine does. */
async function decode(picture: Buffer, args: readonly string[]) {
  const folder = await mkdtemp(path.join(tmpdir(), 'kilas-poison-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'picture.jpg');
  await writeFile(file, picture);
  const worker = `
    import { readFileSync } from 'node:fs';
    const { decodeImage } = await import('${decodeImage}');
    const { width } = await decodeImage(readFileSync('${file}'));
    process.stdout.write(String(width));`;
  const program = `
    import { Worker } from 'node:worker_threads';
    new Worker(new URL('data:text/javascript,' + encodeURIComponent(${JSON.stringify(worker)})));`;
  const cwd = fileURLToPath(new URL('.', import.meta.url));
  const { status, signal, stdout } = spawnSync(process.execPath, [...args, '--input-type=module', '--eval', program], {
    cwd,
    encoding: 'utf8',
  });
  return { status, signal, stdout };
}

test('an engine that is started with it dies of a poisoned picture, as of native code, and of no other', async () => {
  const poisoned = await makePoison();
  const good = await makePoison('#00ff00');
  expect(await decode(poisoned, [])).toMatchObject({ status: 0, stdout: '640' });
  expect(await decode(good, ['--import', hook])).toMatchObject({ status: 0, stdout: '640' });
  expect(await decode(poisoned, ['--import', hook])).toMatchObject({ status: null, signal: 'SIGSEGV' });
});
