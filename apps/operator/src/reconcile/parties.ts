import type { Target } from '@kilas/installation/target/target.ts';
import { Jobs } from '@kilas/platform/jobs/jobs.ts';
import type { EventJournal } from '@kilas/platform/journal/event-journal.ts';
import type { ObjectLister, ObjectStore } from '@kilas/platform/objects/objects.ts';
import { openLog } from '@kilas/platform/process/log.ts';
import type { Bucket } from '@kilas/storage/buckets.ts';
import { AiTables } from './ai.ts';
import { openForReading } from './database.ts';
import { PhotoTables } from './photo.ts';
import { TransactionTables } from './transaction.ts';
import { UploadTables } from './upload.ts';
import { UserTables } from './user.ts';

/** All that is compared with each other. */
export interface Parties {
  readonly user: UserTables;
  readonly photo: PhotoTables;
  readonly transaction: TransactionTables;
  readonly ai: AiTables;
  readonly upload: UploadTables;
  readonly objects: ObjectStore<Bucket> & ObjectLister<Bucket>;
  readonly journal: EventJournal;
  /** What is younger may be in motion, and is left alone. */
  readonly before: Date;
}

/** Opens the databases for the time of `use`. */
export async function withParties<T>(target: Target, before: Date, use: (parties: Parties) => Promise<T>): Promise<T> {
  const { databaseUrls, objects, journal } = target;
  const user = openForReading(databaseUrls.user);
  const photo = openForReading(databaseUrls.photo);
  const transaction = openForReading(databaseUrls.transaction);
  const ai = openForReading(databaseUrls.ai);
  const upload = openForReading(databaseUrls.upload);
  const jobs = new Jobs({ databaseUrl: databaseUrls.upload, log: openLog('operator', 'error') });
  try {
    await jobs.start([]);
    return await use({
      user: new UserTables(user),
      photo: new PhotoTables(photo),
      transaction: new TransactionTables(transaction),
      ai: new AiTables(ai),
      upload: new UploadTables(upload, jobs),
      objects,
      journal,
      before,
    });
  } finally {
    await jobs.stop();
    for (const db of [user, photo, transaction, ai, upload]) await db.destroy();
  }
}
