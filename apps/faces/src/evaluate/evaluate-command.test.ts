import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type people, readSample, takeSelfie } from '@kilas/face-engine/testing/sample-photos.ts';
import sharp from 'sharp';
import { afterAll, expect, test, vi } from 'vitest';
import { runFaces } from '../testing/run-faces.ts';

// Each runs processes: the command, its database, its engine.
vi.setConfig({ testTimeout: 240_000 });

const folder = await mkdtemp(path.join(os.tmpdir(), 'kilas-evaluate-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

type Person = keyof typeof people;

async function run(...args: readonly string[]) {
  const { output, lastLine, ...others } = await runFaces('evaluate', ...args);
  return { ...others, lines: output.trim().split('\n'), score: lastLine };
}

/** A labelled folder whose set `event` holds the group photos given; `enrolled` says whose selfies each person gets. */
async function makeFolder(
  photos: Readonly<Record<number, readonly string[]>>,
  enrolled: Readonly<Record<string, readonly Person[]>>,
): Promise<string> {
  const labelled = await mkdtemp(path.join(folder, 'set-'));
  await mkdir(path.join(labelled, 'event/photos'), { recursive: true });
  for (const number of Object.keys(photos)) {
    await writeFile(path.join(labelled, `event/photos/${number}.jpg`), await readSample(Number(number)));
  }
  for (const [name, selfies] of Object.entries(enrolled)) {
    await mkdir(path.join(labelled, 'event/enrol', name), { recursive: true });
    for (const [i, person] of selfies.entries()) {
      await writeFile(path.join(labelled, 'event/enrol', name, `${i}.jpg`), await takeSelfie(person, i));
    }
  }
  const truth = Object.fromEntries(Object.entries(photos).map(([n, names]) => [`event/photos/${n}.jpg`, names]));
  await writeFile(path.join(labelled, 'truth.json'), JSON.stringify({ event: { photos: truth } }));
  return labelled;
}

test('people who are labelled right are found, and in no photo of others', async () => {
  const labelled = await makeFolder(
    { 6: ['guest', 'friend'], 1: [] },
    { guest: ['guest', 'guest'], friend: ['friend'] },
  );
  const { code, score, errors } = await run(labelled);
  expect(errors).toContain('event: 2 people, 2 photos');
  expect(JSON.parse(score)).toEqual({ found: 2, missed: 0, wrong: 0, strangers: 0 });
  expect(code).toBe(0);
});

test('a wrong label shows: who is not there is missed, who is there unlabelled is a stranger', async () => {
  const labelled = await makeFolder({ 6: ['friend'], 1: ['friend'] }, { guest: ['guest'], friend: ['friend'] });
  const { code, score, lines } = await run(labelled);
  expect(JSON.parse(score)).toEqual({ found: 1, missed: 1, wrong: 0, strangers: 1 });
  expect(lines.join('\n')).toMatch(/MISSED +event\/photos\/1.jpg: friend, no face is near enough/);
  expect(lines.join('\n')).toMatch(/STRANGER event\/photos\/6.jpg: guest at 0\.\d+ \(level \d\)/);
  expect(code).toBe(1);
});

test('a person who is enrolled with pictures of another is wrong, and missed', async () => {
  const labelled = await makeFolder({ 6: ['guest', 'friend'] }, { guest: ['friend'], friend: ['friend', 'friend'] });
  const { code, score } = await run(labelled);
  expect(JSON.parse(score)).toEqual({ found: 1, missed: 1, wrong: 1, strangers: 0 });
  expect(code).toBe(1);
});

test('who is found only by a face that may not decide is asked, and missed', async () => {
  const labelled = await makeFolder({ 6: ['guest'] }, { guest: ['guest'] });
  const tiny = await sharp(await readSample(6))
    .resize(200)
    .jpeg({ quality: 95 })
    .toBuffer();
  await writeFile(path.join(labelled, 'event/photos/6.jpg'), tiny);
  const { score, lines } = await run(labelled);
  expect(JSON.parse(score)).toEqual({ found: 0, missed: 1, wrong: 0, strangers: 0 });
  expect(lines.join('\n')).toMatch(/ASKED +event\/photos\/6.jpg: guest at 0\.\d+ \(level \d\), by their own face/);
  expect(lines.join('\n')).toMatch(/^default +0 +1 +0 +0 +1 /m);
});

test('a picture that is no facecam is named, and enrolled only when it may be', async () => {
  const labelled = await makeFolder({ 6: ['guest'] }, { guest: [] });
  await writeFile(path.join(labelled, 'event/enrol/guest/group.jpg'), await readSample(6));
  const lenient = await run(labelled);
  expect(lenient.lines.join('\n')).toContain('guest/group.jpg would be refused as a facecam: many_faces; enrolled');
  const strict = await run(labelled, '--strict');
  expect(strict.lines.join('\n')).toContain('guest/group.jpg would be refused as a facecam: many_faces; left out');
  expect(JSON.parse(strict.score)).toMatchObject({ found: 0, missed: 1 });
});

test('what is missing in a labelled folder is said at once, all of it', async () => {
  const labelled = await makeFolder({ 6: ['guest', 'nobody'] }, { guest: ['guest'], empty: [] });
  const truth = { event: { photos: { 'event/photos/6.jpg': ['guest', 'nobody'], 'event/photos/7.jpg': [] } } };
  await writeFile(path.join(labelled, 'truth.json'), JSON.stringify(truth));
  const { code, errors } = await run(labelled);
  expect(errors).toContain('"nobody" has no pictures');
  expect(errors).toContain('event/photos/7.jpg is not there');
  expect(errors).toContain(`there is no picture in ${path.join(labelled, 'event/enrol/empty')}`);
  expect(code).toBe(1);
});

test('a photo that is no image is named', async () => {
  const labelled = await makeFolder({ 6: ['guest'] }, { guest: ['guest'] });
  await writeFile(path.join(labelled, 'event/photos/6.jpg'), 'no image');
  const { code, errors } = await run(labelled);
  expect(errors).toContain(`${path.join(labelled, 'event/photos/6.jpg')} is no image that can be read.`);
  expect(code).toBe(1);
});

test.each([
  ['evaluate takes one labelled folder', []],
  ['a labelled folder holds truth.json', ['/nowhere']],
  ["Unknown option '--cut'", ['--cut', '3']],
])('one sentence and a failure: %s', async (sentence, args) => {
  const { code, errors } = await run(...args);
  expect(errors).toContain(sentence);
  expect(errors.trim().split('\n')).toHaveLength(1);
  expect(code).toBe(1);
});
