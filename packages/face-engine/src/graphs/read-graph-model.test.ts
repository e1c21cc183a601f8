import { cp, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkLivenessModels, modelsFolder, readGraphModel } from './read-graph-model.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'kilas-models-'));
  for (const name of ['antispoof', 'liveness', 'mobilefacenet']) {
    for (const ending of ['json', 'bin']) {
      await cp(path.join(modelsFolder(), `${name}.${ending}`), path.join(folder, `${name}.${ending}`));
    }
  }
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function changeByte(name: string): Promise<void> {
  const file = await open(path.join(folder, name), 'r+');
  await file.write(Buffer.from([0xff]), 0, 1, 1000);
  await file.close();
}

test('models with a byte changed are refused by their name, with both checksums', async () => {
  await checkLivenessModels(folder);
  await changeByte('liveness.bin');
  await expect(checkLivenessModels(folder)).rejects.toThrow(
    /liveness\.bin: its SHA-256 is [0-9a-f]{64}, expected [0-9a-f]{64}$/,
  );
});

test('an embedder with a byte changed is refused the same way, and makes no graph', async () => {
  expect((await readGraphModel('mobilefacenet', folder)).weights.size).toBe(139);
  await changeByte('mobilefacenet.bin');
  await expect(readGraphModel('mobilefacenet', folder)).rejects.toThrow(
    /mobilefacenet\.bin: its SHA-256 is [0-9a-f]{64}, expected [0-9a-f]{64}$/,
  );
});
