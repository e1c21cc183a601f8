import { expect, test } from 'vitest';
import { Recorder, type Try } from './record.ts';

function recorder() {
  let time = 0;
  const record = new Recorder(() => time);
  return {
    record,
    at: (now: number) => {
      time = now;
    },
  };
}

const failed = (entry: Partial<Try> & Pick<Try, 'route' | 'startedAt' | 'endedAt'>): Try => ({
  failure: '503 SERVICE_UNAVAILABLE',
  ...entry,
});

test('a failure is exempt while a part is away that its route needs, and until the grace is over', () => {
  const { record, at } = recorder();
  at(1000);
  const back = record.away('postgres', 500);
  at(2000);
  back();
  const verdicts = [990, 1500, 2499, 2501].map((time) =>
    record.judge(failed({ route: 'explore', startedAt: time, endedAt: time })),
  );
  expect(verdicts).toEqual(['failed', 'exempt', 'exempt', 'failed']);
});

test('a request that began before a part went away and failed of it is exempt', () => {
  const { record, at } = recorder();
  at(1000);
  record.away('s3', 0);
  expect(record.judge(failed({ route: 'upload', startedAt: 900, endedAt: 1100 }))).toBe('exempt');
});

test('a failure counts while only parts are away that its route does not need', () => {
  const { record, at } = recorder();
  at(1000);
  record.away('s3', 0);
  record.away('redis', 0);
  expect(record.judge(failed({ route: 'explore', startedAt: 1100, endedAt: 1200 }))).toBe('failed');
});

test('nothing is exempt for Redis or Consul', () => {
  const { record } = recorder();
  record.away('redis', 0);
  record.away('consul', 0);
  for (const route of ['upload', 'order-create', 'explore', 'sign-in', 'selfie'] as const) {
    expect(record.judge(failed({ route, startedAt: 1, endedAt: 2 }))).toBe('failed');
  }
});

test('the success rate leaves the exempt out and counts first tries; a retry that succeeds counts only in the second rate', () => {
  const { record, at } = recorder();
  at(10);
  record.begin('kill photo');
  for (let index = 0; index < 6; index++) record.add({ route: 'explore', startedAt: 10 + index, endedAt: 20 });
  record.add(failed({ route: 'explore', startedAt: 16, endedAt: 20, isMended: true }));
  record.add(failed({ route: 'explore', startedAt: 17, endedAt: 20 }));
  at(1000);
  record.away('s3', 0);
  record.add(failed({ route: 'preview', startedAt: 1001, endedAt: 1002 }));
  expect(record.successRates()).toEqual({ requests: 8, first: 6 / 8, withRetry: 7 / 8 });
  expect(record.summaries()).toMatchObject([{ fault: 'kill photo', requests: 9, failed: 2, exempt: 1, mended: 1 }]);
});

test('a request belongs to the fault under which it began', () => {
  const { record, at } = recorder();
  at(0);
  record.begin('none');
  at(100);
  record.begin('restart Redis');
  record.add(failed({ route: 'me', startedAt: 99, endedAt: 150 }));
  record.add(failed({ route: 'me', startedAt: 100, endedAt: 150 }));
  expect(record.failures().map(({ fault }) => fault)).toEqual(['none', 'restart Redis']);
});
