import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { keepWay, keptWay } from './way-after-mail.ts';

const hourMs = 3_600_000;

beforeEach(() => {
  const kept = new Map<string, string>();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  });
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('the way is kept as long as the link of the mail works', () => {
  keepWay('/find-me?event=1');
  vi.advanceTimersByTime(24 * hourMs - 1);
  expect(keptWay()).toBe('/find-me?event=1');
  vi.advanceTimersByTime(1);
  expect(keptWay()).toBeUndefined();
});

test('where nobody kept a way, or something else lies, there is none', () => {
  expect(keptWay()).toBeUndefined();
  localStorage.setItem('kilas.way-after-mail', '{"next":7}');
  expect(keptWay()).toBeUndefined();
  localStorage.setItem('kilas.way-after-mail', 'not json');
  expect(keptWay()).toBeUndefined();
});
