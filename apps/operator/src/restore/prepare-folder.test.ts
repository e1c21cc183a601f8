import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { refuseUnfinishedRestore } from '@kilas/installation/unfinished-restore.ts';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { prepareFolder } from './prepare-folder.ts';

const parent = await mkdtemp(path.join(os.tmpdir(), 'kilas-prepare-'));
let data: string;

beforeEach(async () => {
  data = await mkdtemp(path.join(parent, 'data-'));
});

afterAll(() => rm(parent, { recursive: true }));

/** As an installation looks from outside. */
async function fill(what: string): Promise<void> {
  for (const part of ['postgres', 'faces', 'objects', 'erasure-journal']) {
    await mkdir(path.join(data, part), { recursive: true });
    await writeFile(path.join(data, part, 'content'), what);
  }
  await writeFile(path.join(data, 'postgres.password'), what);
  await writeFile(path.join(data, 'installation.json'), what);
}

const contentOf = (folder: string, part: string) => readFile(path.join(folder, part, 'content'), 'utf8');

test('what is there is moved aside only when that is said; journal and secrets stay', async () => {
  await fill('old');
  await expect(prepareFolder(data, false)).rejects.toThrow('--replace');
  expect(await contentOf(data, 'postgres')).toBe('old');
  const { aside } = await prepareFolder(data, true);
  expect((await readdir(aside ?? '')).sort()).toEqual(['faces', 'objects', 'postgres', 'postgres.password']);
  expect(existsSync(path.join(data, 'postgres'))).toBe(false);
  expect(await contentOf(data, 'erasure-journal')).toBe('old');
  expect(existsSync(path.join(data, 'installation.json'))).toBe(true);
});

test('from the first step to the last the folder cannot be started', async () => {
  const { finish } = await prepareFolder(data, false);
  expect(() => refuseUnfinishedRestore(data)).toThrow('did not come to its end');
  await finish();
  expect(() => refuseUnfinishedRestore(data)).not.toThrow();
});

test('a move that broke off goes on where it was, to the same place', async () => {
  await fill('old');
  const { aside } = await prepareFolder(data, true);
  const place = aside ?? '';
  // As it was in the middle: one part moved, the others not yet, the note as it was first.
  for (const part of ['postgres.password', 'objects', 'faces'])
    await rename(path.join(place, part), path.join(data, part));
  await writeFile(path.join(data, 'restoring.json'), JSON.stringify({ aside, isMoved: false }));
  expect(await prepareFolder(data, false)).toMatchObject({ aside });
  expect(await contentOf(place, 'objects')).toBe('old');
  expect(await contentOf(place, 'postgres')).toBe('old');
});

test('what an attempt that broke off has made is thrown away, and never the state before it', async () => {
  await fill('old');
  const { aside } = await prepareFolder(data, true);
  await fill('half');
  expect(await prepareFolder(data, false)).toMatchObject({ aside });
  expect(existsSync(path.join(data, 'postgres'))).toBe(false);
  expect(await contentOf(aside ?? '', 'postgres')).toBe('old');
});
