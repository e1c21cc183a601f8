import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { readSample, takeSelfie } from '@kilas/face-engine/testing/sample-photos.ts';
import sharp from 'sharp';
import { afterAll, expect, test, vi } from 'vitest';
import { runFaces } from '../testing/run-faces.ts';

// Each runs processes: the command, its database, its engine.
vi.setConfig({ testTimeout: 240_000 });

const folder = await mkdtemp(path.join(os.tmpdir(), 'kilas-explain-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

const photo = path.join(folder, 'photo.jpg');
const guest = path.join(folder, 'guest.jpg');
await writeFile(photo, await readSample(6));
await writeFile(guest, await takeSelfie('guest'));

/** Rows of the table of a selfie: face, distance, level, rate, whether it is shown among few, many, very many. */
function rowsOf(output: string): string[][] {
  return [...output.matchAll(/^ {2}#(\d)\s+(\S+)\s+(\S+)\s+(\S+)\s+(\S+) \/ (\S+) \/ (\S+)$/gm)].map((row) =>
    row.slice(1),
  );
}

test('the face of a selfie is told from the others of a photo, with a picture beside it', async () => {
  const { code, output } = await runFaces('explain', photo, guest);
  expect(code).toBe(0);
  expect(output).toMatch(/photo.jpg: 1200 × \d+ px, 4 faces/);
  expect(output.match(/^ {2}#\d .*, sure$/gm)).toHaveLength(4);
  expect(output).toContain('guest.jpg: will do as a facecam');
  const [first, ...others] = rowsOf(output);
  expect(Number(first?.[1])).toBeLessThan(0.7);
  expect(first?.slice(4)).toEqual(['yes', 'yes', 'yes']);
  expect(others).toHaveLength(3);
  for (const other of others) expect(other.slice(4)).toEqual(['no', 'no', 'no']);
  const picture = path.join(folder, 'photo.faces.jpg');
  expect(await sharp(picture).metadata()).toMatchObject({ format: 'jpeg', width: 1200 });
  expect(await readFile(picture)).not.toEqual(await readFile(photo));
});

test('a selfie without a face is said to be one, and a picture goes where it is wanted', async () => {
  const empty = path.join(folder, 'empty.png');
  await sharp({ create: { width: 300, height: 300, channels: 3, background: 'grey' } }).toFile(empty);
  const out = path.join(folder, 'wanted.jpg');
  const { code, output } = await runFaces('explain', empty, empty, '--out', out);
  expect(code).toBe(0);
  expect(output).toContain('empty.png: 300 × 300 px, 0 faces');
  expect(output).toContain('empty.png: no face is found in it');
  expect(await sharp(out).metadata()).toMatchObject({ width: 300, height: 300 });
});

test('a face that may not decide is told from the others, with the reason', async () => {
  const small = path.join(folder, 'small.jpg');
  await sharp(await readSample(6))
    .resize(200)
    .jpeg({ quality: 95 })
    .toFile(small);
  const { code, output } = await runFaces('explain', small, guest);
  expect(code).toBe(0);
  expect(output).toMatch(/^ {2}#\d .*, not sure \(fewer than 10 px between the eyes\)$/m);
  expect(rowsOf(output).map((row) => row.slice(4))).toContainEqual(['asked', 'asked', 'asked']);
});

test.each([
  ['explain takes a photo', () => []],
  ['cannot be read', () => ['/nowhere.jpg']],
  ['would be written over', () => [photo, '--out', photo]],
])('one sentence and a failure: %s', async (sentence, args) => {
  const { code, errors } = await runFaces('explain', ...args());
  expect(errors).toContain(sentence);
  expect(errors.trim().split('\n')).toHaveLength(1);
  expect(code).toBe(1);
});
