import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { lockFolder } from '@kilas/embedded/folder-lock.ts';
import { expect, test } from 'vitest';
import { demoFolderPrefix, removeLeftovers } from './remove-leftovers.ts';

const deadHolder = { holder: { pid: 1, startedAt: 'another life' } };

const isThere = (folder: string) =>
  stat(folder).then(
    () => true,
    () => false,
  );

test('what a killed demo left is removed; a demo that runs, and one that just begins, are left alone', async () => {
  const killed = await mkdtemp(demoFolderPrefix);
  await mkdir(path.join(killed, 'postgres'));
  await writeFile(path.join(killed, 'postgres.lock'), JSON.stringify(deadHolder));
  const running = await mkdtemp(demoFolderPrefix);
  const lock = await lockFolder(path.join(running, 'postgres'));
  const beginning = await mkdtemp(demoFolderPrefix);
  try {
    await removeLeftovers();
    expect(await isThere(killed)).toBe(false);
    expect(await isThere(running)).toBe(true);
    expect(await isThere(beginning)).toBe(true);
  } finally {
    await lock.release();
    for (const folder of [killed, running, beginning]) await rm(folder, { recursive: true, force: true });
  }
});
