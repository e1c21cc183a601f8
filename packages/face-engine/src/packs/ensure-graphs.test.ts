import { createHash } from 'node:crypto';
import { mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { builtInPacks, DEFAULT_PACK_ID, DLIB_PACK_ID } from './built-in-packs.ts';
import type { GraphProgress } from './ensure-graphs.ts';
import { ensureGraphs } from './ensure-graphs.ts';
import { readPack } from './read-pack.ts';

let dir = '';

beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'kilas-graphs-'));
});

afterEach(() => rm(dir, { recursive: true }));

async function hashFile(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}

function checksumOf(packId: string, graph: string): string | undefined {
  const pack = builtInPacks.find(({ manifest }) => manifest.id === packId);
  return pack?.recipes.find(({ name }) => name === graph)?.sha256;
}

async function stepsOf(run: (onProgress: (progress: GraphProgress) => void) => Promise<unknown>): Promise<string[]> {
  const steps: string[] = [];
  await run(({ graph, step }) => steps.push(`${graph} ${step}`));
  return steps;
}

/** Each graph once: both packs find faces with the same. */
const recipes = [
  ...new Map(builtInPacks.flatMap((pack) => pack.recipes.map((recipe) => [recipe.sha256, recipe]))).values(),
];

test.each(recipes)('the $name graph $sha256 is built with this checksum, twice over', async ({ build, sha256 }) => {
  for (let i = 0; i < 2; i++) {
    expect(
      createHash('sha256')
        .update(await build())
        .digest('hex'),
    ).toBe(sha256);
  }
});

test('graphs are built once and found afterwards', async () => {
  const first = await stepsOf((onProgress) => ensureGraphs(dir, DEFAULT_PACK_ID, { onProgress }));
  expect(first).toContain('embedder built');
  const second = await stepsOf((onProgress) => ensureGraphs(dir, DEFAULT_PACK_ID, { onProgress }));
  expect(second).toEqual(['detector found', 'detector-scan found', 'landmarks found', 'embedder found']);
});

test('a graph file with one changed byte is built again', async () => {
  const files = await ensureGraphs(dir, DEFAULT_PACK_ID);
  const file = await open(files.landmarks, 'r+');
  await file.write(Buffer.of(0xff), 0, 1, 5000);
  await file.close();
  const steps = await stepsOf((onProgress) => ensureGraphs(dir, DEFAULT_PACK_ID, { onProgress }));
  expect(steps).toEqual([
    'detector found',
    'detector-scan found',
    'landmarks building',
    'landmarks built',
    'embedder found',
  ]);
  expect(await hashFile(files.landmarks)).toBe(checksumOf(DEFAULT_PACK_ID, 'landmarks'));
});

test('two who build at once both get whole files and leave nothing else behind', async () => {
  const [files] = await Promise.all([ensureGraphs(dir, DEFAULT_PACK_ID), ensureGraphs(dir, DEFAULT_PACK_ID)]);
  for (const name of ['detector', 'detector-scan', 'landmarks', 'embedder'] as const)
    expect(await hashFile(files[name])).toBe(checksumOf(DEFAULT_PACK_ID, name));
  const whole = ['detector-scan.onnx', 'detector.onnx', 'embedder.onnx', 'landmarks.onnx', 'manifest.json'];
  expect((await readdir(path.join(dir, DEFAULT_PACK_ID))).sort()).toEqual(whole);
});

test('the second built-in pack takes what the first one has, and builds what it has not', async () => {
  const first = await ensureGraphs(dir, DEFAULT_PACK_ID);
  const steps = await stepsOf((onProgress) => ensureGraphs(dir, DLIB_PACK_ID, { onProgress }));
  expect(steps).toEqual([
    'detector copied',
    'detector-scan copied',
    'landmarks copied',
    'embedder building',
    'embedder built',
  ]);
  await readPack(path.join(dir, DLIB_PACK_ID), DLIB_PACK_ID);
  // A copy of its own: what damages one leaves the other.
  await writeFile(first.detector, 'cut off');
  expect(await hashFile(path.join(dir, DLIB_PACK_ID, 'detector.onnx'))).toBe(checksumOf(DLIB_PACK_ID, 'detector'));
});

test('a damaged file of the one pack is not taken for the other', async () => {
  const first = await ensureGraphs(dir, DEFAULT_PACK_ID);
  await writeFile(first.landmarks, 'cut off');
  const steps = await stepsOf((onProgress) => ensureGraphs(dir, DLIB_PACK_ID, { onProgress }));
  expect(steps).toContain('landmarks built');
  expect(steps).toContain('detector copied');
});

test('a pack that is not built in is not made up', async () => {
  await expect(ensureGraphs(dir, 'yunet-sface-v1')).rejects.toThrow('not built in');
});

test.each(builtInPacks)(
  '$manifest.id lies there as one that an operator brings: its manifest fits its files',
  async ({ manifest }) => {
    const folder = path.join(dir, manifest.id);
    await ensureGraphs(dir, manifest.id);
    expect(await readPack(folder, manifest.id)).toEqual({ folder, manifest });
    await writeFile(path.join(folder, 'manifest.json'), '{}');
    await ensureGraphs(dir, manifest.id);
    expect((await readPack(folder, manifest.id)).manifest).toEqual(manifest);
  },
);
