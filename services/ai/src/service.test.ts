import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
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
