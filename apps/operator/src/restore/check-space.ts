import { existsSync } from 'node:fs';
import { stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '@kilas/cli/user-error.ts';
import type { Manifest } from '../backup/manifest.ts';
import { formatBytes } from '../format-bytes.ts';

/** Rows with their indexes and the log of changes, beside what they take as text. */
const growth = 3;

/** Throws a UserError when the disk of a data folder is too small for what a backup holds. */
export async function checkSpace(dataFolder: string, backupFolder: string, manifest: Manifest): Promise<void> {
  const disk = existsSync(dataFolder) ? dataFolder : path.dirname(dataFolder);
  const tables = Object.values(manifest.databases).flatMap((database) => database.tables);
  const rowBytes = tables.reduce((sum, { file }) => sum + file.sizeBytes, 0);
  // On one disk a second name is enough for an object.
  const isOneDisk = (await stat(disk)).dev === (await stat(backupFolder)).dev;
  const neededBytes = rowBytes * growth + (isOneDisk ? 0 : (manifest.objects?.sizeBytes ?? 0));
  const { bavail, bsize } = await statfs(disk);
  if (bavail * bsize >= neededBytes) return;
  const [needed, free] = [formatBytes(neededBytes), formatBytes(bavail * bsize)];
  throw new UserError(`There is not enough space for ${dataFolder}: it may take ${needed}, and ${free} are free.`);
}
