import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockFolder } from '@kilas/embedded/folder-lock.ts';
import { startPostgres } from '@kilas/embedded/start-postgres.ts';
import { stopOrphanPostgres } from '@kilas/embedded/stop-orphan-postgres.ts';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The one PostgreSQL server of this test run; see test-database.ts. */
    postgresUrl?: string;
  }
}

const folderPrefix = 'kilas-test-postgres-';

/** Starts one PostgreSQL server for all workers of a test run; the function returned stops and deletes it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const parent = await realpath(tmpdir());
  await removeServersOfKilledRuns(parent);
  const folder = await mkdtemp(join(parent, folderPrefix));
  // As root the server runs under another account, which must be able to pass.
  await chmod(folder, 0o711);
  const server = await startPostgres({ dataDir: dataDirIn(folder), durable: false });
  project.provide('postgresUrl', server.url('postgres'));
  return async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
}

async function removeServersOfKilledRuns(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const dataDir = dataDirIn(join(parent, name));
    if (!name.startsWith(folderPrefix) || !existsSync(`${dataDir}.lock`)) continue;
    // Refused: a run that still goes on, or one of another user.
    const lock = await lockFolder(dataDir).catch(() => undefined);
    if (lock === undefined) continue;
    await stopOrphanPostgres(dataDir, () => {});
    await rm(join(parent, name), { recursive: true, force: true });
  }
}

function dataDirIn(folder: string): string {
  return join(folder, 'data');
}
