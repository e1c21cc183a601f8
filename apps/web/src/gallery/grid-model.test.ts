import { expect, test } from 'vitest';
import type { Columns, Segment } from './columns.ts';
import { GridModel } from './grid-model.ts';
import { indexAfter } from './next-photo.ts';

const measure = { width: 1_000, rowHeight: 200, gap: 4 };
const shapes = [1.5, 0.667, 1.333, 3, 0.75];

function columnsOf(from: number, count: number): Columns {
  const indexes = Array.from({ length: count }, (_, at) => from + at);
  return {
    photoIds: indexes.map((index) => `photo ${index}`),
    ratios: indexes.map((index) => shapes[index % shapes.length] ?? 1),
    thumbhashes: indexes.map(() => null),
    capturedAt: indexes.map((index) => new Date(1_800_000_000_000 - index * 1_000).toISOString()),
  };
}

function segmentsOf(total: number, size = 1_000): Segment[] {
  return Array.from({ length: Math.ceil(total / size) }, (_, at) => ({
    segment: String(at),
    count: Math.min(size, total - at * size),
    newestAt: '',
    oldestAt: '',
  }));
}

function gridOf(total: number, first = 0): GridModel {
  const model = new GridModel(first === 0 ? [] : [columnsOf(0, first)], segmentsOf(total));
  model.resize(measure);
  return model;
}

function loadAll(model: GridModel): void {
  for (const { segment } of [...model.blocks]) {
    if (segment !== undefined) model.load(segment, columnsOf(Number(segment) * 1_000, 1_000));
  }
}

test('a list has its whole height and every photo a place before any is loaded', () => {
  const model = gridOf(100_000);
  expect(model.count).toBe(100_000);
  expect(model.height).toBeGreaterThan(1_000_000);
  expect(model.anchorAt(model.height - 1).block).toBe(99);
  expect(model.rowsBetween(0, 900)).toMatchObject({ rows: [], gaps: [{ top: 0 }] });
});

test('scrolled from top to bottom in screens, each photo is drawn once and rows meet without a hole', () => {
  const model = gridOf(5_000, 60);
  loadAll(model);
  const seen: string[] = [];
  let bottom = -measure.gap;
  for (let top = 0; top < model.height; top += 900) {
    model.settle(model.anchorAt(top), 900, 1_800);
    for (const row of model.rowsBetween(top, top + 899).rows) {
      if (row.top < bottom) continue;
      expect(row.top).toBe(bottom + measure.gap);
      bottom = row.top + row.height;
      seen.push(...row.photos.map(({ photo }) => photo.photoId));
    }
  }
  expect(seen).toEqual(columnsOf(0, 5_000).photoIds);
});

test('only rows near the screen are drawn', () => {
  const model = gridOf(3_000);
  loadAll(model);
  model.settle(model.anchorAt(10_000), 900, 1_800);
  const { rows } = model.rowsBetween(10_000, 10_900);
  expect(rows.length).toBeGreaterThan(3);
  expect(rows.length).toBeLessThan(8);
  for (const { top, height } of rows) {
    expect(top).toBeLessThan(10_900);
    expect(top + height + measure.gap).toBeGreaterThan(10_000);
  }
});

test('photos given at the start are not repeated by their segments', () => {
  const model = gridOf(2_000, 60);
  expect(model.count).toBe(2_000);
  loadAll(model);
  expect(model.count).toBe(2_000);
  expect(model.photoAt(59)?.photoId).toBe('photo 59');
  expect(model.photoAt(60)?.photoId).toBe('photo 60');
  expect(model.indexOf('photo 1500')).toBe(1_500);
});

test('a list that was given whole at the start has nothing left to load', () => {
  const model = new GridModel([columnsOf(0, 40)], segmentsOf(40));
  expect(model.blocks.map(({ segment }) => segment)).toEqual([undefined]);
});

test('what comes above the screen moves nothing that is seen', () => {
  const model = gridOf(100_000);
  model.load('50', columnsOf(50_000, 1_000));
  const middle = model.topOf(model.anchorOf(50_500));
  model.settle(model.anchorAt(middle), 900, 1_800);
  const anchor = model.anchorAt(model.topOf(model.anchorOf(50_500)) + 37);
  const before = model.settle(anchor, 900, 1_800);
  const seenAt = model.rowsBetween(before, before + 900).rows.map(({ index, top }) => [index, top - before]);
  for (const segment of [49, 48, 10, 3]) model.load(String(segment), columnsOf(segment * 1_000, 1_000));
  model.settle(model.anchorOf(49_000), 900, 900);
  const after = model.settle(anchor, 900, 1_800);
  expect(after).not.toBe(before);
  const seenNow = model.rowsBetween(after, after + 900).rows.map(({ index, top }) => [index, top - after]);
  expect(seenNow.map(([index]) => index)).toEqual(seenAt.map(([index]) => index));
  for (const [at, [, top]] of seenNow.entries()) expect(top).toBeCloseTo(seenAt[at]?.[1] ?? 0, 6);
});

test('a photo that is seen holds its place when the empty place above it on the screen is filled', () => {
  const model = gridOf(10_000);
  model.load('5', columnsOf(5_000, 1_000));
  const start = model.topOf(model.anchorOf(5_000));
  model.settle(model.anchorAt(start - 400), 900, 1_800);
  const anchor = model.anchorAt(model.topOf(model.anchorOf(5_000)) - 400, 900);
  const before = model.topOf(model.anchorOf(5_000)) - model.topOf(anchor);
  model.load('4', columnsOf(4_000, 1_000));
  const at = model.settle(anchor, 900, 1_800);
  expect(model.topOf(model.anchorOf(5_000)) - at).toBeCloseTo(before, 6);
});

test('another width keeps the photo at the top of the screen', () => {
  const model = gridOf(3_000);
  loadAll(model);
  model.settle(model.anchorAt(20_000), 900, 1_800);
  const anchor = model.anchorAt(20_000);
  const [seen] = model.rowsBetween(20_000, 20_001).rows;
  model.resize({ width: 390, rowHeight: 130, gap: 4 });
  const at = model.settle(anchor, 900, 1_800);
  const [row] = model.rowsBetween(at, at + 1).rows;
  const first = seen?.photos[0]?.photo.photoId;
  expect(row?.photos.map(({ photo }) => photo.photoId)).toContain(first);
});

test('a list that grew, or lost a photo above, keeps the photo that is seen', () => {
  const parts = [columnsOf(0, 50), columnsOf(50, 50)];
  const before = new GridModel(parts, [], false);
  before.resize(measure);
  before.settle(before.anchorAt(3_000), 900, 1_800);
  const anchor = before.anchorAt(3_010);
  const seen = before.photoAt(Math.floor((before.blocks[anchor.block]?.start ?? 0) + anchor.photo))?.photoId;
  const [first, second] = [columnsOf(1, 49), columnsOf(50, 50)];
  const after = new GridModel([first, second, columnsOf(100, 50)], [], false);
  after.resize(measure);
  const at = after.anchorLike(anchor, before);
  expect(after.photoAt((after.blocks[at.block]?.start ?? 0) + at.photo)?.photoId).toBe(seen);
  expect(at).toMatchObject({ within: anchor.within, offset: anchor.offset });
});

test('places above and below the list are kept', () => {
  const model = gridOf(2_000);
  loadAll(model);
  for (const y of [-150, model.height + 70]) expect(model.topOf(model.anchorAt(y))).toBeCloseTo(y, 6);
});

test('a segment that holds fewer photos than it said leaves no hole', () => {
  const model = gridOf(3_000);
  model.load('1', columnsOf(1_000, 990));
  expect(model.count).toBe(2_990);
  expect(model.anchorOf(1_990)).toMatchObject({ block: 2, photo: 0 });
});

test('arrow keys walk through rows, across the borders of segments, and stop at the ends', () => {
  const model = gridOf(2_000);
  loadAll(model);
  model.settle(model.anchorOf(1_000), 900, 900);
  model.settle(model.anchorOf(0), 900, 900);
  const press = (key: string, index: number) => indexAfter(key, index, model, 900);
  expect(press('ArrowLeft', 0)).toBe(0);
  expect(press('ArrowRight', 999)).toBe(1_000);
  expect(press('ArrowRight', 1_999)).toBe(1_999);
  expect(press('Home', 1_234)).toBe(0);
  expect(press('End', 3)).toBe(1_999);
  expect(press('a', 3)).toBeUndefined();
  const last = model.rowOf(999);
  const below = press('ArrowDown', 999) ?? 0;
  expect(model.rowOf(below)?.index).toBe(1_000);
  expect(model.rowOf(press('ArrowUp', below) ?? 0)?.index).toBe(last?.index);
  expect(press('ArrowUp', 1)).toBe(1);
});

test('down goes to the photo that stands below', () => {
  const model = gridOf(1_000);
  loadAll(model);
  model.settle(model.anchorOf(0), 900, 900);
  const middleOf = (index: number) => {
    const row = model.rowOf(index);
    const photo = row?.photos[index - row.index];
    return photo === undefined ? Number.NaN : photo.left + photo.width / 2;
  };
  const below = indexAfter('ArrowDown', 1, model, 900) ?? 0;
  const row = model.rowOf(below);
  const distances = row?.photos.map((_, at) => Math.abs(middleOf(row.index + at) - middleOf(1))) ?? [];
  expect(distances[below - (row?.index ?? 0)]).toBe(Math.min(...distances));
});
