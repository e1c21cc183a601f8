import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MOBILEFACENET_MANIFEST } from '../graph-pack.ts';
import { modelsOf } from './manifest.ts';
import { CARD_FILE, cardProblems, GATE_LIMITS, type PackCard, readCard } from './pack-card.ts';

let dir = '';

beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'kilas-card-'));
});

afterEach(() => rm(dir, { recursive: true }));

const held = { name: 't3Min', limit: 0.9, figure: 0.95, pairs: 500, isEnough: true, isMet: true };
const gate = Object.entries(GATE_LIMITS).map(([name, limit]) => ({ ...held, name, limit, figure: limit }));
const card: PackCard = {
  packId: MOBILEFACENET_MANIFEST.id,
  files: Object.fromEntries(modelsOf(MOBILEFACENET_MANIFEST).map(({ file, sha256 }) => [file, sha256])),
  measuredAt: '2026-01-02T03:04:05.000Z',
  people: 100,
  portraits: 200,
  groupFaces: 50,
  strangerPairs: 19_000,
  truePairs: 500,
  cut: 0.5,
  stated: 5e-5,
  groups: [{ name: 'everyone', pairs: 19_000, wrong: 1, rate: 1 / 19_000, interval: [0, 1e-4], bound: 1.6e-4 }],
  found: { foundOne: 0.9, foundThree: null },
  limits: [...gate, held],
};
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
  expect(problemsOf({ limits: [] })).toHaveLength(Object.keys(GATE_LIMITS).length);
  const looser = gate.map((limit) => (limit.name === 'measuredMax' ? { ...limit, limit: 1e-3 } : limit));
  expect(problemsOf({ limits: looser })).toEqual([expect.stringContaining('measuredMax of 0.00005')]);
  const lower = gate.map((limit) => (limit.name === 't4Min' ? { ...limit, limit: 0.5 } : limit));
  expect(problemsOf({ limits: lower })).toEqual([expect.stringContaining('t4Min of 0.945')]);
  const stricter = gate.map((limit) => (limit.name === 't4Min' ? { ...limit, limit: 0.99 } : limit));
  expect(problemsOf({ limits: stricter })).toEqual([]);
});

test.each([
  ['no JSON', '{'],
  ['a field that is not known', JSON.stringify({ ...card, surprise: true })],
  ['a rate above one', JSON.stringify({ ...card, stated: 2 })],
])('a damaged card is refused with its file: %s', async (_, text) => {
  await writeFile(path.join(dir, CARD_FILE), text);
  await expect(readCard(dir)).rejects.toThrow(`${path.join(dir, CARD_FILE)} is no card`);
});
