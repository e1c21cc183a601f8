import { expect, test } from 'vitest';
import { shareCores } from './config.ts';

test('every core has work, and four engines at most are opened unasked', () => {
  expect([1, 2, 3, 4, 6, 8, 16].map((cores) => shareCores(cores))).toEqual([
    { engines: 1, threads: 1 },
    { engines: 2, threads: 1 },
    { engines: 3, threads: 1 },
    { engines: 4, threads: 1 },
    { engines: 4, threads: 2 },
    { engines: 4, threads: 2 },
    { engines: 4, threads: 4 },
  ]);
  expect(shareCores(8, 1)).toEqual({ engines: 1, threads: 8 });
  expect(shareCores(2, 8)).toEqual({ engines: 8, threads: 1 });
});
