import { UserError } from '@kilas/cli/user-error.ts';
import { serviceNames } from '@kilas/installation/service-names.ts';
import type { Target } from '@kilas/installation/target/target.ts';
import { countEntries } from '../backup/make-backup.ts';
import type { Manifest } from '../backup/manifest.ts';
import { finishLoading, loadDatabase } from './load-database.ts';
import { restoreObjects } from './restore-objects.ts';

export interface RestoreOptions {
  /** With empty databases, on which nobody serves. */
  readonly target: Target;
  readonly manifest: Manifest;
  /** Of the backup. */
  readonly folder: string;
  readonly stop: AbortSignal;
  readonly onStep: (message: string) => void;
  readonly onWait: (message: string) => void;
}

/**
 * Loads a backup. No service starts on any of the databases before all of them are loaded; if this breaks off, it is to be
 * done again from the beginning.
 */
export async function restoreBackup({ target, manifest, folder, ...rest }: RestoreOptions): Promise<void> {
  const { stop, onStep, onWait } = rest;
  const loads = serviceNames.map((name) => ({
    url: target.databaseUrls[name],
    name,
    manifest: manifest.databases[name],
    folder,
    stop,
    onProgress: (table: string, rows: number) => onWait(`${name}: ${table}, ${rows} rows`),
    onLeftOut: (what: string) => onStep(`${name}: ${what}`),
  }));
  for (const load of loads) {
    const count = await loadDatabase(load);
    onStep(`${load.name}: ${count} tables loaded`);
  }
  if (manifest.objects === null) {
    onStep('the backup holds no objects: what there is stays as it is');
  } else {
    const onProgress = (count: number) => onWait(`${count} of ${manifest.objects?.count} objects`);
    await restoreObjects({ target, folder, objects: manifest.objects, stop, onProgress });
    onStep(`${manifest.objects.count} objects`);
  }
  for (const load of loads) await finishLoading(load);
}

/** Throws a UserError when the journal of erasures holds less than it did when the backup was made. */
export async function checkJournal(target: Pick<Target, 'journal'>, manifest: Manifest): Promise<void> {
  const count = await countEntries(target);
  if (count >= manifest.erasureCount) return;
  throw new UserError(
    `The journal of erasures holds ${count} entries, and held ${manifest.erasureCount} when the backup was made. ` +
      'Without it, people come back who have withdrawn since: put it in its place first, or, when it is lost, add --journal-is-lost.',
  );
}
