import type { EventJournal } from '@kilas/platform/journal/event-journal.ts';
import { type JournalStoreEnv, journalStoreEnv, journalUrl } from '@kilas/platform/journal/journal-config.ts';
import { openJournal } from '@kilas/platform/journal/open-journal.ts';
import type { Env } from '@kilas/platform/process/env.ts';
import { z } from 'zod';

/** Variables of services that hold face data. */
export const erasureJournalEnv = z.object({
  /** What was erased, outside of the databases and their backups: "folder:/path", or "s3:bucket" with the S3_ variables. */
  ERASURE_JOURNAL_URL: journalUrl,
});

export type ErasureJournalEnv = z.output<typeof erasureJournalEnv> & JournalStoreEnv;

/** Whether S3 variables are needed hangs on ERASURE_JOURNAL_URL. */
export function erasureJournalStoreEnv(env: Env): ReturnType<typeof journalStoreEnv> {
  return journalStoreEnv(env.ERASURE_JOURNAL_URL);
}

/** Nothing is connected yet. */
export function openErasureJournal(config: ErasureJournalEnv): EventJournal {
  return openJournal(config.ERASURE_JOURNAL_URL, config);
}
