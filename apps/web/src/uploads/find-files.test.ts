import { expect, test } from 'vitest';
import { type Found, filesOfInput } from './find-files.ts';

test('pictures are taken with their folder, and other files are counted by kind', async () => {
  const [found] = await all([
    'Race/1.JPG',
    'Race/Day 2/2.jpeg',
    'Race/3.tif',
    'Race/clip.MOV',
    'Race/clip2.mov',
    'Race/raw.CR3',
    'Race/README',
  ]);
  expect(found?.files.map(({ path }) => path)).toEqual(['Race/1.JPG', 'Race/Day 2/2.jpeg', 'Race/3.tif']);
  expect(Object.fromEntries(found?.leftOut ?? [])).toEqual({ '.MOV': 2, '.CR3': 1, README: 1 });
});

test('what systems leave in folders is not spoken of', async () => {
  const [found] = await all(['Race/.DS_Store', 'Race/._1.jpg.xmp', 'Race/Thumbs.db', 'Race/desktop.ini']);
  expect(found?.files).toEqual([]);
  expect(found?.leftOut.size).toBe(0);
});

test('a long list comes in slices, each file once', async () => {
  const paths = Array.from({ length: 1_234 }, (_, index) => `Race/${index}.jpg`);
  const slices = await all(paths);
  expect(slices.length).toBeGreaterThan(5);
  expect(Math.max(...slices.map(({ files }) => files.length))).toBeLessThanOrEqual(250);
  expect(slices.flatMap(({ files }) => files.map(({ path }) => path))).toEqual(paths);
});

async function all(paths: readonly string[]): Promise<Found[]> {
  const list = paths.map((path) => Object.assign(new File(['x'], 'x'), { webkitRelativePath: path }));
  return Array.fromAsync(filesOfInput(list as unknown as FileList));
}
