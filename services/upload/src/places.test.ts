import { refusalOf } from '@kilas/platform/problems/refusal.ts';
import { expect, test } from 'vitest';
import { type Guest, Places } from './places.ts';

/** Guests of places, whom a test lets send at a speed or be done with it. */
function openPlaces(max: number) {
  const places = new Places(max);
  const come = (accountId: string, speed?: number, address = accountId) => {
    const state = { speed: speed as number | undefined, isReceiving: true, outcome: 'holds a place' };
    const tell = (outcome: string) => {
      state.outcome = outcome;
    };
    const end = Promise.withResolvers<void>();
    const guest: Guest = {
      accountId,
      address,
      isReceiving: () => state.isReceiving,
      bytesPerSecond: () => state.speed,
      breakOff: (error) => end.reject(error),
    };
    const ended = places
      .hold(guest, () => end.promise)
      .then(
        () => tell('done'),
        (error) => tell(refusalOf(error)?.reason ?? String(error)),
      );
    return { state, leave: end.resolve, ended };
  };
  return { come };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));
const outcomes = (guests: readonly { state: { outcome: string } }[]) => guests.map(({ state }) => state.outcome);

test('four accounts that hold all places give one to each who comes, whatever they send', async () => {
  const { come } = openPlaces(16);
  const attackers = ['a', 'b', 'c', 'd'].flatMap((account) =>
    Array.from({ length: 4 }, () => come(account, 1_000_000)),
  );
  const honest = ['e', 'f', 'g'].map((account) => come(account));
  await settled();
  expect(outcomes(honest)).toEqual(Array(3).fill('holds a place'));
  expect(outcomes(attackers).filter((outcome) => outcome === 'UPLOADS_BUSY')).toHaveLength(3);
});

test('many accounts with a place each keep nobody out whose bytes hardly come', async () => {
  const { come } = openPlaces(4);
  const slow = [come('a', 1_000), come('b', 50_000), come('c', 500), come('d', 60_000)];
  const newcomers = [come('e'), come('f'), come('g')];
  await settled();
  expect(outcomes(slow)).toEqual(['UPLOADS_BUSY', 'holds a place', 'UPLOADS_BUSY', 'holds a place']);
  expect(outcomes(newcomers)).toEqual(['holds a place', 'holds a place', 'UPLOADS_BUSY']);
});

test('what has arrived keeps its place, and so does one of which nothing can be said yet', async () => {
  const { come } = openPlaces(4);
  const arrived = come('a', 0);
  arrived.state.isReceiving = false;
  const others = [come('b'), come('c'), come('d')];
  const late = come('e');
  await settled();
  expect(outcomes([arrived, ...others, late])).toEqual([...Array(4).fill('holds a place'), 'UPLOADS_BUSY']);
});

test('an account has a quarter of the places, and an address half of them, which those behind it share in the same way', async () => {
  const { come } = openPlaces(8);
  const own = [come('a', 50_000, 'x'), come('a', 50_000, 'x'), come('a', 50_000, 'x')];
  const near = [come('b', 60_000, 'x'), come('b', 70_000, 'x'), come('c', 50_000, 'x'), come('d', 50_000, 'x')];
  await settled();
  expect(outcomes(own)).toEqual(['UPLOADS_BUSY', 'holds a place', 'UPLOADS_BUSY']);
  expect(outcomes(near)).toEqual(['UPLOADS_BUSY', 'holds a place', 'holds a place', 'holds a place']);
  const more = come('e', 50_000, 'x');
  const elsewhere = come('e', 50_000, 'y');
  await settled();
  expect(outcomes([more, elsewhere])).toEqual(['UPLOADS_BUSY', 'holds a place']);
});

test('who leaves gives the place back, also one that was taken from them', async () => {
  const { come } = openPlaces(4);
  const first = come('a', 50_000);
  const others = ['b', 'c', 'd'].map((account) => come(account, 50_000));
  first.leave();
  await first.ended;
  const next = [come('e', 10), come('f')];
  await settled();
  expect(outcomes([first, ...others])).toEqual(['done', ...Array(3).fill('holds a place')]);
  expect(outcomes(next)).toEqual(['UPLOADS_BUSY', 'holds a place']);
});
