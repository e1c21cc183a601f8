import { expect, test } from 'vitest';
import { cropAround, within } from './face-crop.ts';

const face = { left: 0.9, top: 0.1, width: 0.05, height: 0.08 };

test('the part around a face has the shape of its frame, and stays within the photo', () => {
  const crop = cropAround(face, 1.5, 4 / 3);
  expect((crop.width * 1.5) / crop.height).toBeCloseTo(4 / 3);
  expect(crop.left + crop.width).toBeLessThanOrEqual(1);
  expect(crop.top).toBeGreaterThanOrEqual(0);
  const inside = within(face, crop);
  expect(inside.left).toBeGreaterThan(0);
  expect(inside.left + inside.width).toBeLessThanOrEqual(1);
});

test('a photo that is much taller or wider than its frame is shown as far as it goes', () => {
  const large = { left: 0.1, top: 0.1, width: 0.8, height: 0.8 };
  expect(cropAround(large, 3, 1)).toMatchObject({ height: 1, top: 0 });
  expect(cropAround(large, 1 / 3, 1)).toMatchObject({ width: 1, left: 0 });
});
