import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openInstallation } from './installation.ts';

test('two first starts at once have the same secrets, and so has every later one', async () => {
  const dataFolder = await mkdtemp(path.join(os.tmpdir(), 'kilas-installation-'));
  onTestFinished(() => rm(dataFolder, { recursive: true }));
  const [first, second] = await Promise.all([openInstallation(dataFolder), openInstallation(dataFolder)]);
  expect(second).toEqual(first);
  expect(await openInstallation(dataFolder)).toEqual(first);
  expect(await readdir(dataFolder)).toEqual(['installation.json']);
});
