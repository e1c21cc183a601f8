import { expect, test } from 'vitest';
import { boxesOf, estimateHeight, justify, type Measure } from './justify.ts';

const measure: Measure = { width: 1_000, rowHeight: 200, gap: 4 };

/** The same ratios at each run, as photos of a run have them. */
function ratiosOf(count: number): number[] {
  const shapes = [1.5, 0.667, 1.333, 1.5, 0.75, 1.778, 1];
  return Array.from({ length: count }, (_, at) => shapes[(at * at + at) % shapes.length] ?? 1);
}

function rowsOf(ratios: readonly number[], isEnd: boolean, at: Measure = measure) {
  const { starts, tops } = justify(ratios, at, isEnd);
  return starts.slice(0, -1).map((start, row) => {
    const height = (tops[row + 1] ?? 0) - (tops[row] ?? 0) - at.gap;
    return { start, height, boxes: boxesOf(ratios.slice(start, starts[row + 1]), height, at) };
  });
}

const rightEdge = (boxes: { left: number; width: number }[]) => {
  const last = boxes.at(-1);
  return last === undefined ? 0 : last.left + last.width;
};

test('each photo stands in one row, in order', () => {
  const { starts } = justify(ratiosOf(1_000), measure, true);
  expect(starts[0]).toBe(0);
  expect(starts.at(-1)).toBe(1_000);
  expect(starts).toEqual([...new Set(starts)].sort((one, other) => one - other));
});

test('every row fills the width to the pixel, the last one of a part as well', () => {
  for (const count of [7, 60, 333, 1_000]) {
    for (const { boxes } of rowsOf(ratiosOf(count), false)) expect(rightEdge(boxes)).toBe(measure.width);
  }
});

test('photos of a row are a gap apart and do not overlap', () => {
  for (const { boxes } of rowsOf(ratiosOf(200), true)) {
    for (const [at, box] of boxes.slice(1).entries())
      expect(box.left).toBe(rightEdge(boxes.slice(0, at + 1)) + measure.gap);
  }
});

test('rows are near to the wanted height', () => {
  for (const { height } of rowsOf(ratiosOf(1_000), false)) {
    expect(height).toBeGreaterThan(150);
    expect(height).toBeLessThan(270);
  }
});

test('the last row of the list stays as short as it is', () => {
  const last = rowsOf([...Array.from({ length: 5 }, () => 1), 1.5], true).at(-1);
  expect(last?.height).toBeLessThanOrEqual(200);
  const alone = rowsOf([1.5], true);
  expect(alone).toMatchObject([{ height: 200, boxes: [{ left: 0, width: 300 }] }]);
});

test('a single photo of a part that is followed by another is not blown up', () => {
  expect(rowsOf([0.667], false)[0]?.height).toBe(200);
});

test('a line of a photo is cut to a shape that can be seen', () => {
  const boxes = boxesOf([20, 0.01], 200, measure);
  expect(boxes[0]?.width).toBe(600);
  expect(boxes[1]?.width).toBe(67);
  expect(rowsOf([Number.NaN, 0, -1], true)).toHaveLength(1);
});

test('a panorama on a phone is a row of its own and fits', () => {
  const phone = { width: 374, rowHeight: 125, gap: 4 };
  const rows = rowsOf([1.5, 1.5, 3, 1.5, 1.5], true, phone);
  expect(rows.map(({ start }) => start)).toEqual([0, 2, 3]);
  expect(rows[1]?.boxes).toEqual([{ left: 0, width: 374 }]);
});

test('a guess from the mean ratio is within a tenth of the true height', () => {
  const ratios = ratiosOf(1_000);
  const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
  const { height } = justify(ratios, measure, false);
  expect(Math.abs(estimateHeight(1_000, mean, measure) - height) / height).toBeLessThan(0.1);
});
