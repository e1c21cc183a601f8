import type { EventJournal } from './event-journal.ts';
import { FolderJournal } from './folder-journal.ts';
import { type JournalEnv, s3Scheme } from './journal-config.ts';
import { S3Journal } from './s3-journal.ts';

/** The journal that the configuration names. Nothing is connected yet. */
export function openJournal(config: JournalEnv): EventJournal {
  const { ERASURE_JOURNAL_URL: url } = config;
  if ('S3_ACCESS_KEY_ID' in config && url.startsWith(s3Scheme))
    return new S3Journal(config, url.slice(s3Scheme.length));
  return new FolderJournal(url.slice('folder:'.length));
}
