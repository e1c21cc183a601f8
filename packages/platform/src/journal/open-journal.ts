import type { EventJournal } from './event-journal.ts';
import { FolderJournal } from './folder-journal.ts';
import { type JournalStoreEnv, s3Scheme } from './journal-config.ts';
import { S3Journal } from './s3-journal.ts';

/** The journal at an address. Nothing is connected yet. */
export function openJournal(url: string, config: JournalStoreEnv): EventJournal {
  if ('S3_ACCESS_KEY_ID' in config && url.startsWith(s3Scheme))
    return new S3Journal(config, url.slice(s3Scheme.length));
  return new FolderJournal(url.slice('folder:'.length));
}
