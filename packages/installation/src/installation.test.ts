import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { UserError } from '@kilas/cli/user-error.ts';
import { afterAll, expect, test } from 'vitest';
import { openInstallation } from './installation.ts';

const folder = await mkdtemp(path.join(os.tmpdir(), 'kilas-installation-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

test('two first starts at once have the same secrets, and so has every later one', async () => {
  const dataFolder = path.join(folder, 'twice');
  const [first, second] = await Promise.all([openInstallation(dataFolder), openInstallation(dataFolder)]);
  expect(second).toEqual(first);
  expect(await openInstallation(dataFolder)).toEqual(first);
  expect(await readdir(dataFolder)).toEqual(['installation.json']);
  expect((await stat(path.join(dataFolder, 'installation.json'))).mode & 0o777).toBe(0o600);
});

test('a folder of an earlier Kilas gets the secret of its faces, the same for all who open it, and keeps the others', async () => {
  const dataFolder = path.join(folder, 'earlier');
  const { facesSecret: _, ...earlier } = await openInstallation(dataFolder);
  const file = path.join(dataFolder, 'installation.json');
  await writeFile(file, JSON.stringify(earlier));
  const [first, second] = await Promise.all([openInstallation(dataFolder), openInstallation(dataFolder)]);
  expect(first.facesSecret).toMatch(/^[0-9a-f]{64}$/);
  expect(first).toEqual({ ...earlier, facesSecret: first.facesSecret });
  expect(second).toEqual(first);
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(first);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test('damaged secrets are not replaced by new ones', async () => {
  const dataFolder = path.join(folder, 'damaged');
  await openInstallation(dataFolder);
  const file = path.join(dataFolder, 'installation.json');
  await writeFile(file, '{"half":');
  await expect(openInstallation(dataFolder)).rejects.toThrow(UserError);
  expect(await readFile(file, 'utf8')).toBe('{"half":');
});

test('a data folder that cannot be one is refused with the reason', async () => {
  const file = path.join(folder, 'file');
  await writeFile(file, '');
  await expect(openInstallation(file)).rejects.toThrow(UserError);
  await expect(openInstallation(path.join(file, 'data'))).rejects.toThrow('not a directory');
});
