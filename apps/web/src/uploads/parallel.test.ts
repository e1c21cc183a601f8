import { expect, test } from 'vitest';
import { Parallel } from './parallel.ts';

test('one file more goes at once while that makes it faster, up to what the browser allows', () => {
  const parallel = new Parallel(6);
  run(parallel, [100, 200, 300, 400, 500]);
  expect(parallel.limit).toBe(6);
});

test('one file less goes at once where more made it slower, and never fewer than three', () => {
  const parallel = new Parallel(6);
  run(parallel, [400, 300]);
  expect(parallel.limit).toBe(4);
  for (const rate of [200, 210, 220, 230, 240]) run(parallel, [rate]);
  expect(parallel.limit).toBeGreaterThanOrEqual(3);
});

test('a server that has too much to do gets one file at a time, and more again later', () => {
  const parallel = new Parallel(5);
  for (let times = 0; times < 10; times += 1) parallel.hadTrouble();
  expect(parallel.limit).toBe(1);
  run(parallel, [10, 20, 30]);
  expect(parallel.limit).toBeGreaterThan(2);
});

let now = 0;

/** Windows of three seconds in which so many bytes a millisecond leave. */
function run(parallel: Parallel, rates: readonly number[]): void {
  for (const rate of rates) {
    parallel.sent(0, now);
    now += 3_000;
    parallel.sent(rate * 3_000, now);
  }
}
