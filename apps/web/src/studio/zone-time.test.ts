import { expect, test } from 'vitest';
import { instantOf, localOf } from './zone-time.ts';

test('the clock of a zone is read as its people read it', () => {
  expect(instantOf('2026-11-29T07:30', 'Asia/Jakarta')?.toISOString()).toBe('2026-11-29T00:30:00.000Z');
  expect(instantOf('2026-07-01T07:30', 'America/New_York')?.toISOString()).toBe('2026-07-01T11:30:00.000Z');
  expect(instantOf('2026-11-29T07:30', 'Asia/Kathmandu')?.toISOString()).toBe('2026-11-29T01:45:00.000Z');
});

test('an hour after clocks were changed counts by the new offset', () => {
  expect(instantOf('2026-03-29T03:30', 'Europe/Berlin')?.toISOString()).toBe('2026-03-29T01:30:00.000Z');
  expect(instantOf('2026-10-25T04:00', 'Europe/Berlin')?.toISOString()).toBe('2026-10-25T03:00:00.000Z');
});

test('what was read is shown again', () => {
  for (const zone of ['Asia/Jakarta', 'Asia/Jayapura', 'Europe/Berlin', 'America/St_Johns']) {
    expect(localOf(instantOf('2026-06-15T23:59', zone) ?? '', zone)).toBe('2026-06-15T23:59');
  }
});

test('what is no time is no instant', () => {
  expect(instantOf('', 'Asia/Jakarta')).toBeUndefined();
});
