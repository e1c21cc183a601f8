import { mkdir, mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { removeOldBuilds } from './remove-old-builds.ts';

test('the current build stays, and of the others the three that were made last', async () => {
  const cache = await makeCache({ current: 500, zeta: 400, alpha: 1, beta: 2, gamma: 3 });
  await removeOldBuilds(cache, path.join(cache, 'current'));
  expect((await readdir(cache)).sort()).toEqual(['alpha', 'beta', 'current', 'gamma']);
});

test('what a process left half made goes after an hour, and one that builds now keeps its folder', async () => {
  const cache = await makeCache({ current: 0, 'new-dead': 61, 'new-alive': 5 });
  await removeOldBuilds(cache, path.join(cache, 'current'));
  expect((await readdir(cache)).sort()).toEqual(['current', 'new-alive']);
});

/** Folders by name, each made so many minutes ago. */
async function makeCache(folders: Readonly<Record<string, number>>): Promise<string> {
  const cache = await mkdtemp(path.join(tmpdir(), 'kilas-builds-'));
  onTestFinished(() => rm(cache, { recursive: true, force: true }));
  for (const [name, minutesAgo] of Object.entries(folders)) {
    await mkdir(path.join(cache, name));
    const at = new Date(Date.now() - minutesAgo * 60_000);
    await utimes(path.join(cache, name), at, at);
  }
  return cache;
}
