import { openHoldings as openAi } from '@kilas/ai/reconcile/open-holdings.ts';
import type { Target } from '@kilas/installation/target/target.ts';
import { openHoldings as openPhoto } from '@kilas/photo/reconcile/open-holdings.ts';
import type { EventJournal } from '@kilas/platform/journal/event-journal.ts';
import type { ObjectLister, ObjectStore } from '@kilas/platform/objects/objects.ts';
import type { Holdings, OpenHoldings } from '@kilas/platform/service/holdings.ts';
import type { Bucket } from '@kilas/storage/buckets.ts';
import { openHoldings as openTransaction } from '@kilas/transaction/reconcile/open-holdings.ts';
import { openHoldings as openUpload } from '@kilas/upload/reconcile/open-holdings.ts';
import { openHoldings as openUser } from '@kilas/user/reconcile/open-holdings.ts';

type Opened<Open extends OpenHoldings> = Awaited<ReturnType<Open>>;

/** All that is compared with each other. */
export interface Parties {
  readonly user: Opened<typeof openUser>;
  readonly photo: Opened<typeof openPhoto>;
  readonly transaction: Opened<typeof openTransaction>;
  readonly ai: Opened<typeof openAi>;
  readonly upload: Opened<typeof openUpload>;
  readonly objects: ObjectStore<Bucket> & ObjectLister<Bucket>;
  readonly journal: EventJournal;
  /** What is younger may be in motion, and is left alone. */
  readonly before: Date;
}

/** Opens the databases for the time of `use`. */
export async function withParties<T>(target: Target, before: Date, use: (parties: Parties) => Promise<T>): Promise<T> {
  const { databaseUrls, objects, journal } = target;
  await using opened = new AsyncDisposableStack();
  const closeLater = <Some extends Holdings>(holdings: Some): Some => {
    opened.defer(() => holdings.close());
    return holdings;
  };
  return await use({
    user: closeLater(await openUser({ databaseUrl: databaseUrls.user, before })),
    photo: closeLater(await openPhoto({ databaseUrl: databaseUrls.photo, before })),
    transaction: closeLater(await openTransaction({ databaseUrl: databaseUrls.transaction, before })),
    ai: closeLater(await openAi({ databaseUrl: databaseUrls.ai, before })),
    upload: closeLater(await openUpload({ databaseUrl: databaseUrls.upload, before })),
    objects,
    journal,
    before,
  });
}
