import { cp, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkGraphModels, modelsFolder } from './read-graph-model.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'kilas-models-'));
  for (const name of ['antispoof.json', 'antispoof.bin', 'liveness.json', 'liveness.bin']) {
    await cp(path.join(modelsFolder(), name), path.join(folder, name));
  }
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test('models with a byte changed are refused by their name, with both checksums', async () => {
  await checkGraphModels(folder);
  const file = await open(path.join(folder, 'liveness.bin'), 'r+');
  await file.write(Buffer.from([0xff]), 0, 1, 1000);
  await file.close();
  await expect(checkGraphModels(folder)).rejects.toThrow(
    /liveness\.bin: its SHA-256 is [0-9a-f]{64}, expected [0-9a-f]{64}$/,
  );
});
