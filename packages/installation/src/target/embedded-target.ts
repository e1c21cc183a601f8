import { existsSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '@kilas/cli/user-error.ts';
import { FileObjects } from '@kilas/platform/objects/file-objects.ts';
import { buckets } from '@kilas/storage/buckets.ts';
import type { ErasureJournalEnv } from '@kilas/storage/erasure-journal.ts';
import { openErasureJournal } from '@kilas/storage/erasure-journal.ts';
import { environmentOf } from '../environment-of.ts';
import { openInstallation } from '../installation.ts';
import { findRunning } from '../running-file.ts';
import type { ServiceName } from '../service-names.ts';
import { postgresFolderOf, refuseSecondRun, startDatabases } from '../start-databases.ts';
import { refuseUnfinishedRestore } from '../unfinished-restore.ts';
import type { Target } from './target.ts';

/** Clients never follow a link that a command makes. */
const publicUrl = 'http://localhost';

/** The installation of a data folder: on the databases that serve it now, or else on ones started for this. */
export async function openEmbedded(dataFolder: string): Promise<Target> {
  if (!existsSync(postgresFolderOf(dataFolder))) {
    throw new UserError(`There is no installation in ${dataFolder}: --data takes the data folder of Kilas.`);
  }
  refuseUnfinishedRestore(dataFolder);
  const running = await findRunning(dataFolder);
  if (running !== undefined) return openOn(dataFolder, running, async () => {});
  await refuseSecondRun(dataFolder);
  return startEmbedded(dataFolder);
}

/** Starts, and makes where there are none, the databases of a data folder that nobody runs on. */
export async function startEmbedded(dataFolder: string): Promise<Target> {
  // First: it opens the folder to the account of the database server.
  await openInstallation(dataFolder);
  const databases = await startDatabases(dataFolder);
  return openOn(dataFolder, databases.urls, databases.stop).catch(async (error: unknown) => {
    await databases.stop();
    throw error;
  });
}

async function openOn(
  dataFolder: string,
  databaseUrls: Readonly<Record<ServiceName, string>>,
  close: () => Promise<void>,
): Promise<Target> {
  const installation = await openInstallation(dataFolder);
  const place = { dataFolder, publicUrl, databaseUrls, logLevel: 'error' };
  const objectsFolder = path.join(dataFolder, 'objects');
  const objects = new FileObjects({
    buckets,
    folder: objectsFolder,
    signingKey: installation.objectsSigningKey,
    publicUrl,
  });
  return {
    dataFolder,
    databaseUrls,
    objects,
    objectsFolder,
    journal: openErasureJournal(journalOf(dataFolder)),
    environment: (service) => environmentOf(service, installation, place),
    close,
  };
}

/** The configuration of a data folder's journal of erasures. */
export function journalOf(dataFolder: string): ErasureJournalEnv {
  return { ERASURE_JOURNAL_URL: `folder:${path.join(dataFolder, 'erasure-journal')}` };
}
