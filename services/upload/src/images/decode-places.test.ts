import { expect, test } from 'vitest';
import { DecodePlaces, inBackground } from './decode-places.ts';

/** Work that ends when it is told to. */
function hold(places: DecodePlaces, account: string | typeof inBackground, name: string, started: string[]) {
  const { promise, resolve } = Promise.withResolvers<void>();
  const done = places.run(account, async () => {
    started.push(name);
    await promise;
  });
  return async () => {
    resolve();
    await done;
  };
}

test('no more are in work than there are places, also when some fail', async () => {
  const places = new DecodePlaces(2);
  let running = 0;
  let most = 0;
  const outcomes = await Promise.allSettled(
    Array.from({ length: 20 }, (_, index) =>
      places.run(`account ${index % 3}`, async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise(setImmediate);
        running -= 1;
        if (index % 4 === 0) throw new Error('broken');
      }),
    ),
  );
  expect(most).toBe(2);
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(15);
});

test('who has none in work goes before who has some, and work in the background comes last', async () => {
  const places = new DecodePlaces(2);
  const started: string[] = [];
  const first = hold(places, 'many', 'first', started);
  const second = hold(places, 'many', 'second', started);
  hold(places, inBackground, 'background', started);
  hold(places, 'many', 'third', started);
  hold(places, 'other', 'of another', started);
  await first();
  expect(started).toEqual(['first', 'second', 'of another']);
  await second();
  expect(started).toEqual(['first', 'second', 'of another', 'third']);
});

test('work in the background keeps nobody waiting at a request, who takes one place beside it and not two', async () => {
  const places = new DecodePlaces(1);
  const started: string[] = [];
  const derived = hold(places, inBackground, 'derived', started);
  hold(places, inBackground, 'derived later', started);
  const first = hold(places, 'one', 'first', started);
  const second = hold(places, 'other', 'second', started);
  expect(started).toEqual(['derived', 'first']);
  await first();
  expect(started).toEqual(['derived', 'first', 'second']);
  await derived();
  expect(started).toEqual(['derived', 'first', 'second']);
  await second();
  expect(started).toEqual(['derived', 'first', 'second', 'derived later']);
});
