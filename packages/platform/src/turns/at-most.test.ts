import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { AtMost } from './at-most.ts';

const never = new AbortController().signal;

/** A piece of work that ends when it is told to. */
function openWork() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { end: resolve, work: () => promise };
}

test('no more run at once than may, and those that wait have their turn in order', async () => {
  const atMost = new AtMost(2);
  const pieces = [openWork(), openWork(), openWork(), openWork()];
  const begun: number[] = [];
  const runs = pieces.map(({ work }, index) =>
    atMost.run(() => {
      begun.push(index);
      return work();
    }, never),
  );
  await turn();
  expect(begun).toEqual([0, 1]);
  pieces[1]?.end();
  await runs[1];
  await turn();
  expect(begun).toEqual([0, 1, 2]);
  pieces[2]?.end();
  await runs[2];
  await turn();
  expect(begun).toEqual([0, 1, 2, 3]);
  for (const { end } of pieces) end();
  await Promise.all(runs);
});

test('work that fails gives its place back', async () => {
  const atMost = new AtMost(1);
  await expect(atMost.run(() => Promise.reject(new Error('broken')), never)).rejects.toThrow('broken');
  expect(await atMost.run(async () => 'next', never)).toBe('next');
});

test('who gives up waiting takes nobody the turn', async () => {
  const atMost = new AtMost(1);
  const first = openWork();
  const running = atMost.run(first.work, never);
  const impatient = new AbortController();
  const given = atMost.run(async () => 'never', impatient.signal);
  const patient = atMost.run(async () => 'at last', never);
  impatient.abort(new Error('too late'));
  await expect(given).rejects.toThrow('too late');
  await expect(atMost.run(async () => 'never', AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
  first.end();
  await running;
  expect(await patient).toBe('at last');
});
