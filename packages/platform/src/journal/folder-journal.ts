import { randomBytes } from 'node:crypto';
import { link, mkdir, open, opendir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { isErrno } from '../problems/is-errno.ts';
import type { EventJournal, JournalEntry } from './event-journal.ts';
import { entryFromText, entryToText } from './journal-entry.ts';

const suffix = '.json';

/** A file for each event, in one folder that is made when it is not there. */
export class FolderJournal implements EventJournal {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async append(entry: JournalEntry): Promise<void> {
    const made = await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    if (made !== undefined) await syncFolder(path.dirname(made));
    const draft = path.join(this.#folder, `${entry.eventId}.${randomBytes(6).toString('hex')}`);
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(entryToText(entry));
      await file.sync();
      // Unlike a rename, a link leaves an entry that is there.
      await link(draft, path.join(this.#folder, `${entry.eventId}${suffix}`)).catch((error: unknown) => {
        if (!isErrno(error, 'EEXIST')) throw error;
      });
    } finally {
      await file.close();
      await rm(draft);
    }
    await syncFolder(this.#folder);
  }

  async *eventIds(): AsyncIterable<string> {
    try {
      for await (const { name } of await opendir(this.#folder)) {
        if (name.endsWith(suffix)) yield name.slice(0, -suffix.length);
      }
    } catch (error) {
      if (!isErrno(error, 'ENOENT')) throw error;
    }
  }

  async read(eventId: string): Promise<JournalEntry> {
    const file = path.join(this.#folder, `${z.uuid().parse(eventId)}${suffix}`);
    return entryFromText(await readFile(file, 'utf8'));
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
