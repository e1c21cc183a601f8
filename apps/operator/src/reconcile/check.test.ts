import { expect, test } from 'vitest';
import { type Check, type Dangling, toAny } from './check.ts';

const settled = { isMending: true, isForced: false, isDeletingOriginals: false, isServing: false };

/** A check that finds what is in the list, and mends by emptying it. */
function checkOf(
  found: Dangling[],
  checked: number,
  rounds: Dangling[][] = [],
): Check<Dangling> & { mended: string[] } {
  const mended: string[] = [];
  return {
    name: 'a → b',
    advice: 'look',
    mended,
    async *find(tally) {
      tally.checked += checked;
      yield* rounds.shift() ?? found;
    },
    mend: async (items) => {
      mended.push(...items.map(({ id }) => id));
      for (const item of items) found.splice(found.indexOf(item), 1);
    },
  };
}

const items = (count: number): Dangling[] => Array.from({ length: count }, (_, index) => ({ id: `item ${index}` }));

test('what only a person may judge is never mended, and remains', async () => {
  const check = checkOf([{ id: 'lost' }, { id: 'sold', person: 'SOLD' }], 10);
  const result = await toAny(check).run(settled);
  expect(check.mended).toEqual(['lost']);
  expect(result).toMatchObject({ dangling: 2, mended: 1, remaining: 1, examples: ['sold: SOLD'] });
});

test('where more than a fifth of many dangles nothing is mended unless it is forced', async () => {
  const check = checkOf(items(21), 100);
  expect(await toAny(check).run(settled)).toMatchObject({ mended: 0, remaining: 21, isHeldBack: true });
  expect(check.mended).toEqual([]);
  expect(await toAny(check).run({ ...settled, isForced: true })).toMatchObject({ mended: 21, remaining: 0 });
});

test('a fifth of many, or few of few, is mended', async () => {
  expect(await toAny(checkOf(items(20), 20)).run(settled)).toMatchObject({ mended: 20, isHeldBack: false });
  expect(await toAny(checkOf(items(100), 500)).run(settled)).toMatchObject({ mended: 100, isHeldBack: false });
});

test('while services run only what dangles twice in a row is told', async () => {
  const [stays, goes, comes] = [{ id: 'stays' }, { id: 'goes' }, { id: 'comes' }];
  const check = checkOf([], 3, [
    [stays, goes],
    [stays, comes],
  ]);
  const result = await toAny(check).run({
    isMending: false,
    isForced: false,
    isDeletingOriginals: false,
    isServing: true,
  });
  expect(result).toMatchObject({ dangling: 1, remaining: 1, examples: ['stays'] });
});

test('without being asked to mend nothing is changed', async () => {
  const check = checkOf(items(3), 10);
  expect(await toAny(check).run({ ...settled, isMending: false })).toMatchObject({
    dangling: 3,
    mended: 0,
    remaining: 3,
  });
  expect(check.mended).toEqual([]);
});

test('of what people sell and buy, three that dangle among a few are too many to mend', async () => {
  expect(await toAny({ ...checkOf(items(2), 2), isGrave: true }).run(settled)).toMatchObject({ mended: 2 });
  const many = await toAny({ ...checkOf(items(3), 3), isGrave: true }).run(settled);
  expect(many).toMatchObject({ mended: 0, remaining: 3, isHeldBack: true });
});

test('originals that nobody names stay until their deletion is asked for by name', async () => {
  const kept = await toAny({ ...checkOf(items(1), 10), deletesOriginals: true }).run({ ...settled, isForced: true });
  expect(kept).toMatchObject({ mended: 0, remaining: 1 });
  const gone = await toAny({ ...checkOf(items(1), 10), deletesOriginals: true }).run({
    ...settled,
    isDeletingOriginals: true,
  });
  expect(gone).toMatchObject({ mended: 1, remaining: 0 });
});
