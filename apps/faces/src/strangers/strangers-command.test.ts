import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { MOBILEFACENET_MANIFEST } from '@kilas/face-engine/packs/built-in-packs.ts';
import { cardProblems, readCard } from '@kilas/face-engine/packs/pack-card.ts';
import { readSample, takeSelfie } from '@kilas/face-engine/testing/sample-photos.ts';
import sharp from 'sharp';
import { afterAll, expect, test, vi } from 'vitest';
import { runFaces } from '../testing/run-faces.ts';

// Each runs processes: the command, its database, its engine.
vi.setConfig({ testTimeout: 240_000 });

const folder = await mkdtemp(path.join(os.tmpdir(), 'kilas-strangers-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Two people with four pictures each, one group photo without them, one picture without a face. */
async function makeCrowd(): Promise<string> {
  const crowd = await mkdtemp(path.join(folder, 'crowd-'));
  const people: Record<string, { photos: string[]; region?: string }> = {};
  for (const person of ['guest', 'friend'] as const) {
    await mkdir(path.join(crowd, 'people', person), { recursive: true });
    people[person] = { photos: ['0.jpg', '1.jpg', '2.jpg', '3.jpg'], region: 'east' };
    for (const variant of [0, 1, 2, 3]) {
      await writeFile(path.join(crowd, 'people', person, `${variant}.jpg`), await takeSelfie(person, variant));
    }
  }
  await mkdir(path.join(crowd, 'people/nobody'));
  people.nobody = { photos: ['0.jpg'] };
  const grey = sharp({ create: { width: 250, height: 250, channels: 3, background: 'grey' } });
  await writeFile(path.join(crowd, 'people/nobody/0.jpg'), await grey.jpeg().toBuffer());
  await mkdir(path.join(crowd, 'groups'));
  await writeFile(path.join(crowd, 'groups/1.jpg'), await readSample(1));
  await writeFile(path.join(crowd, 'index.json'), JSON.stringify({ people, groups: ['1.jpg'] }));
  return crowd;
}

test('a crowd is measured: two tables, a picture, the card of the pack, and one line for programs', async () => {
  const limits = path.join(folder, 'limits.json');
  await writeFile(limits, JSON.stringify({ foundThreeMin: 0, measuredMax: 5e-5, t3Min: 0 }));
  const [out, card] = [path.join(folder, 'out/nearest.jpg'), path.join(folder, 'card.json')];
  const crowd = await makeCrowd();
  const { code, output, lastLine } = await runFaces(
    ...(['strangers', crowd, '--out', out, '--write-card', card, '--pass', limits] as const),
  );
  expect(output).toContain('9 portraits: 1 not found (11.1 %), 0 unsure');
  expect(output).toContain('1 group photos: 3 faces, 0 unsure');
  expect(output).toContain('WITH THE COHORT THAT AN INSTALLATION STARTS WITH');
  expect(output).toContain("WITH A COHORT OF THE FOLDER'S GROUP FACES");
  expect(output).toMatch(/^ {2}everyone +16 +0 +0 {2}extrapolated, below/m);
  const summary = JSON.parse(lastLine);
  expect(Object.keys(summary)).toEqual([
    ...['cut', 'stated', 'measured', 'worstRegion', 'groupsToPortraits', 'withinAt95'],
    ...['foundOne', 'foundThree', 't3', 't4', 'rank1', 'intervals'],
  ]);
  expect(summary).toMatchObject({ stated: 5e-5, measured: 0, foundOne: 1, foundThree: 1, rank1: 1 });
  expect(summary.worstRegion).toMatchObject({ region: 'east', rate: 0, pairs: 16, wrong: 0 });
  expect((await sharp(await readFile(out)).metadata()).format).toBe('jpeg');
  // Sixteen pairs are no proof.
  expect(output).toMatch(/^measuredMax .* MISSED: too few pairs to tell$/m);
  expect(code).toBe(1);
  const written = await readCard(folder);
  expect(cardProblems(written, MOBILEFACENET_MANIFEST)).toEqual([
    ...['withinAt95Max', 'foundOneMin', 'foundThreeMin', 't4Min'].map((name) =>
      expect.stringContaining(`against ${name}`),
    ),
    ...['measuredMax', 'foundThreeMin', 't3Min'].map((name) => expect.stringContaining(`${name} is`)),
  ]);
});

test('a picture that is no image is named', async () => {
  const crowd = await makeCrowd();
  const broken = path.join(crowd, 'people/nobody/0.jpg');
  await writeFile(broken, 'no image');
  const { code, errors } = await runFaces('strangers', crowd, '--out', path.join(folder, 'none.jpg'));
  expect(errors).toContain(`${broken} is no image that can be looked at`);
  expect(code).toBe(1);
  await expect(stat(path.join(folder, 'none.jpg'))).rejects.toThrow('ENOENT');
});

test.each([
  ['strangers takes one folder', []],
  ['a folder of strangers holds index.json', ['/nowhere']],
  ['--pass takes a file of limits, or default', ['/nowhere', '--pass', '/nowhere']],
  ["Unknown option '--cut'", ['--cut', '3']],
])('one sentence and a failure: %s', async (sentence, args) => {
  const { code, errors } = await runFaces('strangers', ...args);
  expect(errors).toContain(sentence);
  expect(errors.trim().split('\n')).toHaveLength(1);
  expect(code).toBe(1);
});
