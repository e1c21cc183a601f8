import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { listCardRows } from '../testing/list-card-rows.ts';
import { dlibManifest, MOBILEFACENET_MANIFEST } from './built-in-packs.ts';
import { cardProblems } from './pack-card.ts';
import { readBuiltInCard } from './read-built-in-card.ts';

const [cardOfDefault, cardOfDlib] = [
  await readBuiltInCard(MOBILEFACENET_MANIFEST.id),
  await readBuiltInCard(dlibManifest.id),
];

test('the pack of a new installation holds every limit that a pack which is brought must hold', () => {
  expect(cardProblems(cardOfDefault, MOBILEFACENET_MANIFEST)).toEqual([]);
});

test('of dlib’s pack it is known, as it is now, what it misses', () => {
  expect(cardProblems(cardOfDlib, dlibManifest)).toEqual(
    ['measuredMax', 'withinAt95Max', 't4Min'].map((name) => expect.stringMatching(`${name} is .*, measured `)),
  );
});

test('the documentation shows what the cards say', async () => {
  const text = await readFile(new URL('../../../../docs/packs.md', import.meta.url), 'utf8');
  expect(text).toContain(listCardRows([cardOfDefault, cardOfDlib]).join('\n'));
});

test('a group or a limit that one card leaves out is said to be unknown, not none', () => {
  const rows = listCardRows([cardOfDefault, { ...cardOfDlib, groups: [], limits: [] }]);
  expect(rows.find((row) => row.startsWith('| everyone'))).toMatch(/ not measured \|$/);
  expect(rows.find((row) => row.startsWith('| `t4Min`'))).toMatch(/ not looked at \|$/);
});
