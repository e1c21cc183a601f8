import { expect, test } from 'vitest';
import { drawByWeight, seededRandom } from './random.ts';

test('the same seed makes the same choices, another one others', () => {
  const draw = (seed: number) => {
    const random = seededRandom(seed);
    return Array.from({ length: 20 }, random);
  };
  expect(draw(1)).toEqual(draw(1));
  expect(draw(1)).not.toEqual(draw(2));
});

test('what is drawn comes by its weight, and nothing for what is left of the total', () => {
  const items = [
    { weight: 1, name: 'order' },
    { weight: 3, name: 'upload' },
  ];
  const random = seededRandom(7);
  const drawn = Array.from({ length: 8_000 }, () => drawByWeight(random, items, 8)?.name ?? 'nothing');
  const share = (name: string) => drawn.filter((each) => each === name).length / drawn.length;
  expect(share('order')).toBeCloseTo(1 / 8, 1);
  expect(share('upload')).toBeCloseTo(3 / 8, 1);
  expect(share('nothing')).toBeCloseTo(4 / 8, 1);
});
