import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cardThatHolds } from '../testing/tiny-pack.ts';
import { MOBILEFACENET_MANIFEST } from './built-in-packs.ts';
import { modelsOf, type PackManifest } from './manifest.ts';
import { CARD_FILE, cardProblems, gateLimits, type PackCard, readCard } from './pack-card.ts';

let dir = '';

beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'kilas-card-'));
});

afterEach(() => rm(dir, { recursive: true }));

const card: PackCard = cardThatHolds(MOBILEFACENET_MANIFEST);
const gate = card.limits;
const held = { name: 't3Min', limit: 0.9, figure: 0.95, pairs: 500, isEnough: true, isMet: true };
const problemsOf = (changes: Partial<PackCard>) => cardProblems({ ...card, ...changes }, MOBILEFACENET_MANIFEST);

test('a card of the pack’s own files that held its limits vouches for it', async () => {
  await writeFile(path.join(dir, CARD_FILE), JSON.stringify(card));
  expect(await readCard(dir)).toEqual(card);
  expect(problemsOf({})).toEqual([]);
});

test('a pack without a card has been measured by nobody', async () => {
  const missing = await readCard(dir);
  expect(missing).toBeUndefined();
  expect(cardProblems(missing, MOBILEFACENET_MANIFEST)).toEqual([expect.stringContaining('is not there')]);
});

test('a card of other files is named with both checksums, and so is one that leaves a file out', () => {
  const { file, sha256 } = MOBILEFACENET_MANIFEST.embedder;
  const other = 'a'.repeat(64);
  const [differs] = problemsOf({ files: { ...card.files, [file]: other } });
  for (const part of [file, other, sha256]) expect(differs).toContain(part);
  expect(problemsOf({ files: {} })).toHaveLength(modelsOf(MOBILEFACENET_MANIFEST).length);
  expect(problemsOf({ packId: 'another' })).toEqual([expect.stringContaining('another')]);
});

test('each limit that was missed is told with what was measured', () => {
  const missed = { ...held, name: 'rank1Min', figure: 0.8, isMet: false };
  expect(problemsOf({ limits: [...gate, held, missed] })).toEqual([
    expect.stringMatching(/rank1Min is 0\.9, measured 0\.8$/),
  ]);
  const few = { ...missed, figure: 0.95, isEnough: false };
  expect(problemsOf({ limits: [...gate, few] })).toEqual([expect.stringContaining('too few pairs to tell')]);
});

test('a card that left a limit of the gate out, or was held against a looser one, does not vouch', () => {
  expect(problemsOf({ limits: [] })).toHaveLength(Object.keys(gateLimits).length);
  const looser = gate.map((limit) => (limit.name === 'measuredMax' ? { ...limit, limit: 1e-3 } : limit));
  expect(problemsOf({ limits: looser })).toEqual([expect.stringContaining('measuredMax of 0.00005')]);
  const lower = gate.map((limit) => (limit.name === 't4Min' ? { ...limit, limit: 0.5 } : limit));
  expect(problemsOf({ limits: lower })).toEqual([expect.stringContaining('t4Min of 0.945')]);
  const stricter = gate.map((limit) => (limit.name === 't4Min' ? { ...limit, limit: 0.96 } : limit));
  expect(problemsOf({ limits: stricter })).toEqual([]);
});

const { calibration } = MOBILEFACENET_MANIFEST;
const others: [string, Partial<PackManifest>][] = [
  [
    'a calibration that states less',
    { calibration: { ...calibration, strangers: { ...calibration.strangers, sd: 0.1 } } },
  ],
  ['a farther cut', { calibration: { ...calibration, candidateDistanceMax: 1 } }],
  ['no typical face', { typicalFace: undefined }],
];

test.each(others)('a card vouches for what was measured, not for %s', (_, change) => {
  expect(cardProblems(card, { ...MOBILEFACENET_MANIFEST, ...change })).toContainEqual(
    expect.stringContaining('was measured with another'),
  );
});

/** As if somebody had edited what a card says of one limit. */
const edited = (name: string, change: Partial<PackCard['limits'][number]>) => ({
  limits: gate.map((limit) => (limit.name === name ? { ...limit, ...change } : limit)),
});

test('a verdict is taken from the figure: a limit that the card calls held, and that the figure exceeds, is missed', () => {
  const found = { ...card.found, t4: 0.5 };
  expect(problemsOf({ ...edited('t4Min', { figure: 0.5 }), found })).toEqual([
    expect.stringMatching(/t4Min is 0\.945, measured 0\.5$/),
  ]);
  expect(problemsOf(edited('t4Min', { figure: null }))).toEqual([
    expect.stringContaining('t4Min says null, its table 0.97'),
    expect.stringContaining('too few pairs to tell'),
  ]);
});

test('a figure is taken from the table: one that was edited in the limits alone is found out', () => {
  const [everyone] = card.groups;
  if (everyone === undefined) throw new Error('the card has no groups');
  expect(problemsOf({ found: { ...card.found, t4: 0.5 } })).toEqual([
    expect.stringContaining('t4Min says 0.97, its table 0.5'),
  ]);
  // By the pairs counted, not by the rate beside them.
  expect(problemsOf({ groups: [{ ...everyone, wrong: 9_000 }] })).toEqual([
    expect.stringContaining('measuredMax says 0.000001, its table 0.0045'),
  ]);
  expect(problemsOf({ groups: [{ ...everyone, name: 'somebody' }] })).toEqual([
    expect.stringContaining('its table null'),
  ]);
});

test('the cut that was measured is the one that the pack’s calibration states', () => {
  expect(problemsOf({ cut: 0.4 })).toEqual([expect.stringContaining('is stated at the distance 0.4, the manifest')]);
  expect(problemsOf({ stated: 1e-3 })).toEqual([expect.stringContaining('says that 0.001 is stated')]);
});

test('too few pairs are no proof, whatever the card says of them', () => {
  for (const name of ['measuredMax', 'foundThreeMin'])
    expect(problemsOf(edited(name, { pairs: 10 }))).toEqual([
      expect.stringMatching(`${name} .* too few pairs to tell`),
    ]);
});

test.each([
  ['no JSON', '{'],
  ['a field that is not known', JSON.stringify({ ...card, surprise: true })],
  ['a rate above one', JSON.stringify({ ...card, stated: 2 })],
])('a damaged card is refused with its file: %s', async (_, text) => {
  await writeFile(path.join(dir, CARD_FILE), text);
  await expect(readCard(dir)).rejects.toThrow(`${path.join(dir, CARD_FILE)} is no card`);
});
