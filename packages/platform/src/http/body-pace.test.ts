import { expect, test } from 'vitest';
import { BodyPace } from './body-pace.ts';

const limits = { idleMaxMs: 30_000, bytesPerSecondMin: 2_000 };

/** Looks each second while so many bytes come in each; answers with the second in which it is given up. */
function run(
  bytesIn: (second: number) => number,
  seconds: number,
  isAwaited: (second: number) => boolean = () => true,
) {
  const pace = new BodyPace(limits, 0, 500);
  let bytes = 500;
  for (let second = 1; second <= seconds; second++) {
    bytes += bytesIn(second);
    if (pace.isTooSlow(second * 1000, bytes, isAwaited(second))) return { endedAt: second, pace };
  }
  return { endedAt: undefined, pace };
}

test('a body that never begins is given up after the longest pause', () => {
  expect(run(() => 0, 3_600).endedAt).toBe(30);
});

test('one byte in two seconds is no pause, but too little in a minute', () => {
  expect(run((second) => second % 2, 3_600).endedAt).toBe(60);
});

test('20 MB over a slow mobile connection arrive: 50 kB/s, 6 kB/s, and one that stands still for 25 of 30 seconds', () => {
  expect(run(() => 50_000, 400).endedAt).toBeUndefined();
  expect(run(() => 6_000, 3_400).endedAt).toBeUndefined();
  expect(run((second) => (second % 30 < 5 ? 50_000 : 0), 2_400).endedAt).toBeUndefined();
});

test('a fast beginning earns no trickle', () => {
  expect(run((second) => (second <= 10 ? 10_000_000 : 1), 3_600).endedAt).toBe(70);
});

test('what the receiver makes a body wait is not held against it', () => {
  const busy = (second: number) => second > 100;
  expect(run((second) => (busy(second) ? 5_000 : 0), 3_600, busy).endedAt).toBeUndefined();
});

test('how fast a body comes now is told once it is known', () => {
  expect(run(() => 3_000, 9).pace.bytesPerSecond()).toBeUndefined();
  expect(run(() => 3_000, 10).pace.bytesPerSecond()).toBe(3_000);
  expect(run((second) => (second <= 20 ? 1_000_000 : 5), 31).pace.bytesPerSecond()).toBe(5);
  expect(
    run(
      () => 3_000,
      40,
      (second) => second < 40,
    ).pace.bytesPerSecond(),
  ).toBeUndefined();
});
