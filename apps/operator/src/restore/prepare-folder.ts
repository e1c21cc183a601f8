import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '@kilas/cli/user-error.ts';
import { lockFolder } from '@kilas/embedded/folder-lock.ts';
import { stopOrphanPostgres } from '@kilas/embedded/stop-orphan-postgres.ts';
import { postgresFolderOf, refuseSecondRun } from '@kilas/installation/start-databases.ts';
import { restoreNoteOf } from '@kilas/installation/unfinished-restore.ts';
import { z } from 'zod';
import { syncFolder } from '../backup/hashed-file.ts';

/** What a restore makes anew. The journal of erasures is not among it. */
const parts = ['postgres', 'postgres.password', 'faces', 'objects'];

const noteSchema = z.object({
  /** Where the state before is moved to; null when there was none. */
  aside: z.string().nullable(),
  /** Once the state before is out of the way, whatever lies there is what an attempt that broke off has made. */
  isMoved: z.boolean(),
});

type Note = z.output<typeof noteSchema>;

export interface PreparedFolder {
  /** Where the state before lies now. */
  readonly aside: string | null;
  /** The restore has come to its end: the folder may be started. */
  finish(): Promise<void>;
}

/**
 * Makes room in a data folder: what is there is moved aside, and only when that is allowed. From here until `finish` the folder
 * cannot be started; after a crash the same call goes on.
 */
export async function prepareFolder(dataFolder: string, isReplacing: boolean): Promise<PreparedFolder> {
  await mkdir(dataFolder, { recursive: true });
  await refuseSecondRun(dataFolder);
  const file = restoreNoteOf(dataFolder);
  const lock = await lockFolder(postgresFolderOf(dataFolder));
  try {
    // Left by a process that was killed: its folder must not be moved under it.
    await stopOrphanPostgres(postgresFolderOf(dataFolder), () => {});
    let note = await readNote(file);
    if (note === undefined) {
      const isFilled = parts.some((part) => existsSync(path.join(dataFolder, part)));
      if (isFilled && !isReplacing) {
        throw new UserError(
          `${dataFolder} holds an installation: --replace moves it aside, and restores in its place.`,
        );
      }
      const time = new Date().toISOString().replaceAll(/[-:]|[.]\d+/g, '');
      note = { aside: isFilled ? path.join(dataFolder, `before-restore-${time}`) : null, isMoved: false };
      await writeNote(file, note);
    }
    if (note.isMoved) await removeParts(dataFolder);
    else if (note.aside !== null) await moveParts(dataFolder, note.aside);
    await writeNote(file, { ...note, isMoved: true });
    return {
      aside: note.aside,
      finish: async () => {
        await rm(file);
        await syncFolder(dataFolder);
      },
    };
  } finally {
    await lock.release();
  }
}

async function moveParts(dataFolder: string, aside: string): Promise<void> {
  await mkdir(aside, { recursive: true, mode: 0o700 });
  for (const part of parts) {
    const from = path.join(dataFolder, part);
    if (existsSync(from)) await rename(from, path.join(aside, part));
  }
  await syncFolder(aside);
  await syncFolder(dataFolder);
}

async function removeParts(dataFolder: string): Promise<void> {
  for (const part of parts) await rm(path.join(dataFolder, part), { recursive: true, force: true });
}

async function readNote(file: string): Promise<Note | undefined> {
  if (!existsSync(file)) return undefined;
  return noteSchema.parse(JSON.parse(await readFile(file, 'utf8')));
}

async function writeNote(file: string, note: Note): Promise<void> {
  const draft = `${file}.draft`;
  const handle = await open(draft, 'w', 0o600);
  try {
    await handle.writeFile(JSON.stringify(note));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
  await syncFolder(path.dirname(file));
}
