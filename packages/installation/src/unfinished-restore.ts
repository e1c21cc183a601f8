import { existsSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '@kilas/cli/user-error.ts';

/** Stands in a data folder from the first step of a restore to the last. */
export function restoreNoteOf(dataFolder: string): string {
  return path.join(dataFolder, 'restoring.json');
}

/** Throws a UserError for a data folder that was restored in part: some of its databases may be those of another day. */
export function refuseUnfinishedRestore(dataFolder: string): void {
  if (!existsSync(restoreNoteOf(dataFolder))) return;
  throw new UserError(`The restore into ${dataFolder} did not come to its end: run npm run restore once more.`);
}
