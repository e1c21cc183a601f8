import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { joinSameNames, limitCrowd, readCrowd } from './read-crowd.ts';

const root = await mkdtemp(path.join(os.tmpdir(), 'kilas-crowd-'));
afterAll(() => rm(root, { recursive: true }));

async function makeFolder(index: unknown, files: readonly string[] = []): Promise<string> {
  const folder = await mkdtemp(path.join(root, 'set-'));
  for (const file of files) {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await writeFile(path.join(folder, file), '');
  }
  await writeFile(path.join(folder, 'index.json'), typeof index === 'string' ? index : JSON.stringify(index));
  return folder;
}

const problemOf = async (folder: string) =>
  readCrowd(folder).then(
    () => '',
    (error: Error) => error.message,
  );

test('people, their regions and the group photos are read', async () => {
  const people = { ayu: { photos: ['1.jpg', '2.jpg'], region: 'east' }, budi: { photos: ['1.jpg'] } };
  const files = ['people/ayu/1.jpg', 'people/ayu/2.jpg', 'people/budi/1.jpg', 'groups/g.jpg'];
  const folder = await makeFolder({ people, groups: ['g.jpg'] }, files);
  expect(await readCrowd(folder)).toEqual({
    people: [
      { name: 'ayu', region: 'east', files: [path.join(folder, files[0] ?? ''), path.join(folder, files[1] ?? '')] },
      { name: 'budi', region: undefined, files: [path.join(folder, files[2] ?? '')] },
    ],
    groups: [path.join(folder, 'groups/g.jpg')],
    sameNames: [],
  });
});

test('everything that is missing is listed at once', async () => {
  const people = { ayu: { photos: ['1.jpg', '2.jpg', '2.jpg'] } };
  const message = await problemOf(await makeFolder({ people, groups: ['g.jpg'] }, ['people/ayu/1.jpg']));
  for (const problem of [
    'people/ayu/2.jpg is not there',
    'people/ayu/2.jpg is named twice',
    'groups/g.jpg is not there',
    'fewer than two people',
  ]) {
    expect(message).toContain(problem);
  }
  expect(message).not.toContain('1.jpg');
});

test('a folder that could say nothing of true pairs or of one photo is refused', async () => {
  const people = { ayu: { photos: ['1.jpg'] }, budi: { photos: ['1.jpg'] } };
  const files = ['people/ayu/1.jpg', 'people/budi/1.jpg'];
  const message = await problemOf(await makeFolder({ people, groups: [] }, files));
  expect(message).toContain('nobody in "people" has two photos');
  expect(message).toContain('"groups" names no photo');
});

test.each([
  ['a folder of strangers holds index.json', path.join(root, 'nowhere')],
  ['is not { people:', await makeFolder('{ "people": [] }')],
  ['is not { people:', await makeFolder('no JSON')],
])('one sentence says what the folder lacks: %s', async (sentence, folder) => {
  expect(await problemOf(folder)).toContain(sentence);
});

test('a quick trial takes people from all over, and as large a share of the group photos', () => {
  const people = Array.from({ length: 100 }, (_, i) => ({ name: `${i}`, region: undefined, files: [`${i}.jpg`] }));
  const groups = Array.from({ length: 30 }, (_, i) => `g${i}.jpg`);
  const limited = limitCrowd({ people, groups, sameNames: [] }, 10);
  expect(limited.people).toHaveLength(10);
  expect(Number(limited.people.at(-1)?.name)).toBeGreaterThanOrEqual(90);
  expect(limited.groups).toHaveLength(3);
  expect(limitCrowd({ people, groups, sameNames: [] }, 1_000).people).toHaveLength(100);
});

test('names of the same words are one person, who keeps all portraits and the region', () => {
  const named = [
    { name: 'Choi_Sung-hong', region: undefined, files: ['1.jpg'] },
    { name: 'Somebody_Else', region: undefined, files: ['2.jpg'] },
    { name: 'Sung_Hong_Choi', region: 'east-asian', files: ['3.jpg'] },
  ];
  expect(joinSameNames(named)).toEqual({
    people: [
      { name: 'Choi_Sung-hong', region: 'east-asian', files: ['1.jpg', '3.jpg'] },
      { name: 'Somebody_Else', region: undefined, files: ['2.jpg'] },
    ],
    sameNames: [['Choi_Sung-hong', 'Sung_Hong_Choi']],
  });
});
