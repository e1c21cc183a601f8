import { mkdir, mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { Spool } from './spool.ts';

const root = await mkdtemp(path.join(os.tmpdir(), 'kilas-spool-'));
afterEach(() => vi.useRealTimers());
afterAll(() => rm(root, { recursive: true, force: true }));

async function abandon(folder: string): Promise<void> {
  const work = path.join(folder, 'work-abandoned');
  await mkdir(work);
  await utimes(work, 0, 0);
}

test('each replica sweeps its own spool by itself, with no job that another might take, and no other spool', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const [own, others] = [path.join(root, 'own'), path.join(root, 'others')];
  const spool = new Spool(own);
  await spool.prepare();
  await new Spool(others).prepare();
  const stop = spool.keepSwept((error) => expect.unreachable(String(error)));
  await abandon(own);
  await abandon(others);
  vi.advanceTimersByTime(60_000);
  await waitFor(async () => (await readdir(own)).length === 0, { what: 'the own spool to be swept' });
  expect(await readdir(others)).toEqual(['work-abandoned']);
  stop();
  expect(vi.getTimerCount()).toBe(0);
});

test('two processes on one spool leave what the other works on', async () => {
  const shared = path.join(root, 'shared');
  const [one, two] = [new Spool(shared), new Spool(shared)];
  await one.prepare();
  await one.withFolder(async (folder) => {
    await two.prepare();
    await two.sweep();
    expect(await readdir(shared)).toEqual([path.basename(folder)]);
  });
  expect(await readdir(shared)).toEqual([]);
});

test('a spool that cannot be swept is told', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const errors: unknown[] = [];
  const stop = new Spool(path.join(root, 'none')).keepSwept((error) => errors.push(error));
  vi.advanceTimersByTime(60_000);
  await waitFor(() => errors.length === 1, { what: 'the error' });
  stop();
});
