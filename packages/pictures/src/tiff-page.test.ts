import { expect, test } from 'vitest';
import { recogniseFormat } from './picture-format.ts';
import { chartSize, drawFields, expectChart, render } from './testing/chart.ts';
import { type TiffEntry, type TiffPlan, writeTiff } from './testing/tiff.ts';
import { findTiffPage } from './tiff-page.ts';

const subfile = (value: number): TiffEntry => ({ tag: 254, type: 4, values: [value] });
const oldSubfile = (value: number): TiffEntry => ({ tag: 255, type: 3, values: [value] });
const orientation = (value: number): TiffEntry => ({ tag: 274, type: 3, values: [value] });

const chart: TiffPlan = { ...chartSize, pixels: drawFields() };

function plain(size: { width: number; height: number }, entries: readonly TiffEntry[] = []): TiffPlan {
  return { ...size, pixels: Buffer.alloc(size.width * size.height * 3, 120), entries };
}

const small = { width: 75, height: 50 };
const large = { width: 600, height: 400 };

test.each<[string, TiffPlan[]]>([
  ['behind a reduced one', [plain(small, [subfile(1)]), { ...chart, entries: [subfile(0)] }]],
  [
    'behind one that is reduced by the old word for it',
    [plain(small, [oldSubfile(2)]), { ...chart, entries: [oldSubfile(1)] }],
  ],
  ['behind a smaller one that says nothing of itself', [plain(small), chart]],
  ['behind two smaller ones', [plain(small, [subfile(1)]), plain({ width: 150, height: 100 }, [subfile(1)]), chart]],
  ['before a reduced one', [chart, plain(small, [subfile(1)])]],
  ['before a larger one that says that it is reduced', [chart, plain(large, [subfile(1)])]],
  ['before a larger mask', [chart, plain(large, [subfile(4)])]],
  ['before another one of its size', [chart, plain(chartSize)]],
  ['nested in a reduced one', [{ ...plain(small, [subfile(1)]), nested: [{ ...chart, entries: [subfile(0)] }] }]],
  [
    'the second nested in a reduced one',
    [{ ...plain(small, [subfile(1)]), nested: [plain(small, [subfile(1)]), chart] }],
  ],
  ['with reduced ones nested in it', [{ ...chart, nested: [plain(small, [subfile(1)]), plain(large, [subfile(1)])] }]],
  ['alone, though it says that it is reduced', [{ ...chart, entries: [subfile(1)] }]],
])('the picture of a TIFF is the page %s', async (_where, pages) => {
  await expectChart(writeTiff(pages), 1);
});

test('a page is turned as it says itself, or else as the first page says', async () => {
  const turned: TiffPlan = { ...chart, entries: [orientation(6)] };
  expect(await render(writeTiff([plain(small, [subfile(1), orientation(1)]), turned]))).toMatchObject({
    width: 200,
    height: 300,
  });
  expect(await render(writeTiff([plain(small, [subfile(1), orientation(6)]), chart]))).toMatchObject({
    width: 200,
    height: 300,
  });
  expect(
    await render(writeTiff([plain(small, [subfile(1), orientation(6)]), { ...chart, entries: [orientation(1)] }])),
  ).toMatchObject(chartSize);
});

test('the limit of pixels is that of the page that is the picture', async () => {
  const bytes = writeTiff([plain(small, [subfile(1)]), plain({ width: 1200, height: 900 })]);
  await expect(render(bytes)).rejects.toMatchObject({ fault: 'too_many_pixels' });
});

test('a TIFF that lost the page that is its picture is not taken for the small one', async () => {
  const bytes = writeTiff([plain(small, [subfile(1)]), chart]);
  await expect(render(bytes.subarray(0, bytes.length - 40))).rejects.toMatchObject({ fault: 'truncated' });
  await expect(render(bytes.subarray(0, bytes.length / 2))).rejects.toMatchObject({ fault: 'truncated' });
});

test('sensor data in any directory make a TIFF a RAW', async () => {
  const sensor: TiffPlan = { ...plain(large), photometric: 32_803 };
  for (const pages of [[sensor], [chart, sensor], [{ ...chart, nested: [sensor] }]]) {
    expect(await recogniseFormat(writeTiff(pages))).toBe('tiff');
    await expect(render(writeTiff(pages))).rejects.toMatchObject({ fault: 'raw' });
  }
});

test('directories without end cost nothing', async () => {
  const page = plain({ width: 1, height: 1 });
  await expect(findTiffPage(writeTiff(Array.from({ length: 1001 }, () => page)))).rejects.toMatchObject({
    fault: 'broken',
  });
  const bytes = writeTiff([page]);
  const start = bytes.readUInt32LE(4);
  // The directory after it is itself.
  bytes.writeUInt32LE(start, start + 2 + bytes.readUInt16LE(start) * 12);
  expect((await findTiffPage(bytes)).directories).toHaveLength(1);
  const many = Array.from({ length: 60_000 }, (_, index) => ({ tag: index, type: 3, values: [1] }));
  await expect(
    findTiffPage(writeTiff(Array.from({ length: 4 }, () => ({ ...page, entries: many })))),
  ).rejects.toMatchObject({
    fault: 'broken',
  });
});
