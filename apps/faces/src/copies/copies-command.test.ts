import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { takeSelfie } from '@kilas/face-engine/testing/sample-photos.ts';
import { readSample } from '@kilas/face-engine/testing/test-samples.ts';
import sharp from 'sharp';
import { afterAll, expect, test, vi } from 'vitest';
import { runFaces } from '../testing/run-faces.ts';
import { CUTS } from './make-crops.ts';

// Each runs processes: the command, its database, its engine.
vi.setConfig({ testTimeout: 480_000 });

const folder = await mkdtemp(path.join(os.tmpdir(), 'kilas-copies-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Somebody in two shots, somebody in one picture twice, and a photo of three people. */
async function makePictures(): Promise<string> {
  const [twoShots, twice] = [path.join(folder, 'people/runner'), path.join(folder, 'people/guest')];
  for (const each of [twoShots, twice, path.join(folder, 'groups')]) await mkdir(each, { recursive: true });
  const [first, third] = [await readSample(1), await readSample(3)];
  const shots = [
    sharp(first).extract({ left: 1401, top: 141, width: 362, height: 362 }),
    sharp(third).extract({ left: 1000, top: 90, width: 400, height: 520 }),
  ];
  for (const [i, shot] of shots.entries()) await shot.jpeg().toFile(path.join(twoShots, `${i}.jpg`));
  for (const variant of [0, 1]) await writeFile(path.join(twice, `${variant}.jpg`), await takeSelfie('guest', variant));
  await writeFile(path.join(folder, 'groups/1.jpg'), await sharp(first).resize(1600).jpeg().toBuffer());
  const people = { runner: { photos: ['0.jpg', '1.jpg'] }, guest: { photos: ['0.jpg', '1.jpg'] } };
  await writeFile(path.join(folder, 'index.json'), JSON.stringify({ people, groups: ['1.jpg'] }));
  return folder;
}

test('crops of a photo and of its previews are refused, two shots of a person are not, and one picture twice is told apart', async () => {
  const { output, lastLine } = await runFaces('copies', await makePictures(), '--cuts', String(CUTS.length));
  const figures = JSON.parse(lastLine);
  expect(figures).toMatchObject({ pairs: 1, shotsRefused: 0, twice: 1, previewsFinding: 0 });
  // Of 54 two are let in, which are like nobody; and a third one, maybe, where pictures are decoded a little otherwise.
  expect(figures).toMatchObject({ photos: 1, previewCrops: 54, selfiesNotClear: 0 });
  expect(figures.previewsRefused).toBeGreaterThanOrEqual(0.94);
  expect(output).toContain('1 pairs of shots of one person, 0 refused; 1 are one picture');
  expect(output).toMatch(/one picture twice: .*guest/);
  for (const { name } of CUTS) expect(output).toContain(name);
});

test.each([
  ['takes folders', ['copies']],
  ['a whole number', ['copies', folder, '--pairs', 'all']],
  ['cannot be read', ['copies', path.join(folder, 'nowhere')]],
])('what cannot be measured ends in a sentence: %s', async (sentence, args) => {
  const { code, errors } = await runFaces(...args);
  expect(code).toBe(1);
  expect(errors).toContain(sentence);
});
