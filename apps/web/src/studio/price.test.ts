import { expect, test } from 'vitest';
import { readRupiah } from './price.ts';

test('a price is read as people write it', () => {
  expect(['50000', '50.000', ' Rp 50.000', 'Rp. 50,000', '0'].map(readRupiah)).toEqual([
    50_000, 50_000, 50_000, 50_000, 0,
  ]);
});

test('what is no price is not taken for one', () => {
  expect(['', 'Rp', 'free', '-5', '5k', '1234567890123456'].map(readRupiah)).toEqual(Array(6).fill(undefined));
});
