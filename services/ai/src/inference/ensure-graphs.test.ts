import { createHash } from 'node:crypto';
import { mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { GraphProgress } from './ensure-graphs.ts';
import { ensureGraphs } from './ensure-graphs.ts';
import { BUILT_IN_MANIFEST, GRAPH_RECIPES, PACK_ID } from './graph-pack.ts';
import { readPack } from './packs/read-pack.ts';
import { readWeights } from './weights.ts';

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

async function stepsOf(run: (onProgress: (progress: GraphProgress) => void) => Promise<unknown>): Promise<string[]> {
  const steps: string[] = [];
  await run(({ graph, step }) => steps.push(`${graph} ${step}`));
  return steps;
}

test.each(GRAPH_RECIPES)('the $name graph has the committed checksum, twice over', async ({ model, build, sha256 }) => {
  for (let i = 0; i < 2; i++) {
    const bytes = build(await readWeights(model));
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
  }
});

test('graphs are built once and found afterwards', async () => {
  const first = await stepsOf((onProgress) => ensureGraphs(dir, { onProgress }));
  expect(first).toContain('embedder built');
  const second = await stepsOf((onProgress) => ensureGraphs(dir, { onProgress }));
  expect(second).toEqual(['detector found', 'detector-scan found', 'landmarks found', 'embedder found']);
});

test('a graph file with one changed byte is built again', async () => {
  const files = await ensureGraphs(dir);
  const file = await open(files.landmarks, 'r+');
  await file.write(Buffer.of(0xff), 0, 1, 5000);
  await file.close();
  const steps = await stepsOf((onProgress) => ensureGraphs(dir, { onProgress }));
  expect(steps).toEqual([
    'detector found',
    'detector-scan found',
    'landmarks building',
    'landmarks built',
    'embedder found',
  ]);
  const recipe = GRAPH_RECIPES.find(({ name }) => name === 'landmarks');
  expect(await hashFile(files.landmarks)).toBe(recipe?.sha256);
});

test('two who build at once both get whole files and leave nothing else behind', async () => {
  const [files] = await Promise.all([ensureGraphs(dir), ensureGraphs(dir)]);
  for (const { name, sha256 } of GRAPH_RECIPES) expect(await hashFile(files[name])).toBe(sha256);
  const whole = ['detector-scan.onnx', 'detector.onnx', 'embedder.onnx', 'landmarks.onnx', 'manifest.json'];
  expect((await readdir(path.join(dir, PACK_ID))).sort()).toEqual(whole);
});

test('the built-in pack lies there as one that an operator brings: its manifest fits its files', async () => {
  await ensureGraphs(dir);
  const folder = path.join(dir, PACK_ID);
  expect(await readPack(folder, PACK_ID)).toEqual({ folder, manifest: BUILT_IN_MANIFEST });
  await writeFile(path.join(folder, 'manifest.json'), '{}');
  await ensureGraphs(dir);
  expect((await readPack(folder, PACK_ID)).manifest).toEqual(BUILT_IN_MANIFEST);
});
