import { lstat, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { UserError } from '@kilas/cli/user-error.ts';
import { lockFolder } from '@kilas/embedded/folder-lock.ts';
import { stopOrphanPostgres } from '@kilas/embedded/stop-orphan-postgres.ts';

/** Where a demo keeps its data begins so. */
export const demoFolderPrefix = path.join(os.tmpdir(), 'kilas-demo-');

/** Ends the servers and deletes the data of demos that were killed; no later start of theirs will. */
export async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(path.dirname(demoFolderPrefix))) {
    const folder = path.join(path.dirname(demoFolderPrefix), name);
    if (folder.startsWith(demoFolderPrefix) && (await isOurs(folder))) await removeUnlessRunning(folder);
  }
}

async function isOurs(folder: string): Promise<boolean> {
  const found = await lstat(folder);
  return found.isDirectory() && found.uid === process.getuid?.();
}

async function removeUnlessRunning(folder: string): Promise<void> {
  const postgresFolder = path.join(folder, 'postgres');
  // A demo that has only just made its folder holds no lock yet.
  if (!(await readdir(folder)).includes('postgres.lock')) return;
  try {
    await lockFolder(postgresFolder);
  } catch (error) {
    if (error instanceof UserError) return;
    throw error;
  }
  await stopOrphanPostgres(postgresFolder, () => {});
  await rm(folder, { recursive: true, force: true });
}
