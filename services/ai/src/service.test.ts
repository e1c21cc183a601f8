import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { cardThatHolds, sha256Of, writeTinyCard, writeTinyPack } from '@kilas/face-engine/testing/tiny-pack.ts';
import { startSystem } from '@kilas/testkit/start-system.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { afterAll, expect, test } from 'vitest';

const folder = await mkdtemp(path.join(os.tmpdir(), 'kilas-ai-'));

afterAll(() => rm(folder, { recursive: true, force: true }));

test('the service is ready when the face engine is, also when it could not open at first', async () => {
  const graphs = path.join(folder, 'graphs');
  await writeFile(graphs, 'a file where a folder should be');
  const system = await startSystem({ services: ['ai'], env: { GRAPHS_FOLDER: graphs } });
  try {
    const readiness = await system.app.inject({ method: 'GET', url: '/readyz' });
    expect(readiness.statusCode).toBe(503);
    expect(readiness.json()).toMatchObject({ services: { ai: { database: 'ready', engine: 'away' } } });

    await rm(graphs);
    const built = path.join(os.tmpdir(), 'kilas-test-graphs');
    await mkdir(built, { recursive: true });
    await symlink(built, graphs);
    const isReady = async () => (await system.app.inject({ method: 'GET', url: '/readyz' })).statusCode === 200;
    await waitFor(isReady, { what: 'the engine to open', timeoutMs: 20_000 });
  } finally {
    await system.close();
  }
});

test('a damaged model file ends the start with its name, the checksum expected and the one it has', async () => {
  const { detector } = await writeTinyPack(folder, 'tiny');
  await writeFile(path.join(folder, 'tiny', detector.file), 'cut off');
  const opening = startSystem({ services: ['ai'], env: { PACKS_FOLDER: folder, FACE_PACK: 'tiny' } });
  const actual = sha256Of(Buffer.from('cut off'));
  await expect(opening).rejects.toThrow(
    `model pack tiny: ${detector.file}: SHA-256 is ${actual}, expected ${detector.sha256}`,
  );
});

test('a configuration that names packs which do not fit together is refused with every problem', async () => {
  const changing = startSystem({ services: ['ai'], env: { FACE_PACK: 'one', FACE_PACK_OLD: 'one' } });
  await expect(changing).rejects.toThrow(
    /FACE_PACK_OLD_UNTIL: expected[\s\S]*FACE_PACK_OLD: is the pack in force[\s\S]*PACKS_FOLDER: expected/,
  );
});

test('the service starts with a pack that was measured, and not with one that nobody measured', async () => {
  const start = () => startSystem({ services: ['ai'], env: { PACKS_FOLDER: folder, FACE_PACK: 'brought' } });
  const manifest = await writeTinyPack(folder, 'brought');
  await expect(start()).rejects.toThrow(/card\.json: is not there[\s\S]*FACE_PACK_FORCE=brought/);
  await writeTinyCard(folder, cardThatHolds(manifest));
  await (await start()).close();
});
