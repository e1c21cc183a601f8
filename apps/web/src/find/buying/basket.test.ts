import { expect, test } from 'vitest';
import { keyFor, orderOf } from './basket.ts';

const line = (photoId: string, priceIdr: number) => ({
  photoId,
  priceIdr,
  creatorId: 'c',
  title: 't',
  sale: 'shared' as const,
});
const figures = { lines: [line('a', 5), line('b', 7)], totalIdr: 12 };

test('an order that was sent without an answer keeps its key, so that it is made once', () => {
  const order = orderOf(figures, 'share');
  const attempt = { key: 'first', order: JSON.stringify(order) };
  expect(keyFor(order, attempt, () => 'second')).toBe('first');
});

test('an order at other prices is another order', () => {
  const attempt = { key: 'first', order: JSON.stringify(orderOf(figures, undefined)) };
  const changed = orderOf({ lines: [line('a', 6), line('b', 7)], totalIdr: 13 }, undefined);
  expect(keyFor(changed, attempt, () => 'second')).toBe('second');
});
