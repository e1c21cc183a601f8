import { expect, test } from 'vitest';
import { getWeight, readWeights } from '../graphs/weights.ts';
import { SsdAnchors } from './ssd-anchors.ts';

test('for the size of its training the anchors are those that come with the weights', async () => {
  const { data: corners } = getWeight(await readWeights('ssd_mobilenetv1'), 'Output/extra_dim');
  const anchors = new SsdAnchors(512, 512);
  expect(anchors.count * 4).toBe(corners.length);
  for (let i = 0; i < anchors.count; i++) {
    const { x, y, width, height } = anchors.decode(i, new Float32Array(4));
    for (const [side, value] of [y, x, y + height, x + width].entries()) {
      expect(Math.abs(value - (corners[i * 4 + side] ?? 0) * 512)).toBeLessThan(0.05);
    }
  }
});

test('an anchor of a view of another size lies in its cell, and there are none after the last', () => {
  const anchors = new SsdAnchors(64, 32);
  const { x, y, width, height } = anchors.decode(3 * 5, new Float32Array(4));
  expect([x + width / 2, y + height / 2]).toEqual([24, 24]);
  expect(() => anchors.decode(anchors.count, new Float32Array(4))).toThrow('no anchor');
});
