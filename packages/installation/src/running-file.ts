import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { findHolder } from '@kilas/embedded/folder-lock.ts';
import { isErrno } from '@kilas/platform/problems/is-errno.ts';
import { z } from 'zod';
import { type ServiceName, serviceNames } from './service-names.ts';
import { postgresFolderOf } from './start-databases.ts';

const runningSchema = z.object({ pid: z.number().int(), databaseUrls: z.record(z.enum(serviceNames), z.string()) });

/**
 * Notes, in a file of the data folder that its owner alone may read, where the databases of the embedded run are reached:
 * the operator's commands work on it while it serves. The function returned takes the note away.
 */
export async function noteRunning(
  dataFolder: string,
  databaseUrls: Readonly<Record<ServiceName, string>>,
): Promise<() => Promise<void>> {
  const file = fileOf(dataFolder);
  const draft = `${file}.draft`;
  await writeFile(draft, JSON.stringify({ pid: process.pid, databaseUrls }), { mode: 0o600 });
  await rename(draft, file);
  return () => rm(file, { force: true });
}

/** The databases of the run that lives on a data folder now; undefined where none does. */
export async function findRunning(dataFolder: string): Promise<Readonly<Record<ServiceName, string>> | undefined> {
  const holder = await findHolder(postgresFolderOf(dataFolder));
  if (holder === undefined) return undefined;
  try {
    const { pid, databaseUrls } = runningSchema.parse(JSON.parse(await readFile(fileOf(dataFolder), 'utf8')));
    // That of a run which was killed may lie there while another one starts.
    return pid === holder ? databaseUrls : undefined;
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function fileOf(dataFolder: string): string {
  return path.join(dataFolder, 'running.json');
}
