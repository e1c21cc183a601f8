import { refuse } from '@kilas/messages/refuse.ts';
import { transact } from '@kilas/platform/db/transact.ts';
import type { PhotoContext } from '../context.ts';
import { photosFailed } from '../metrics.ts';
import { findPhoto, markFailed } from './photo-store.ts';
import { tellFailed } from './tell-failed.ts';

/** Nobody heard that such a photo was accepted. */
const abandoned = 'UPLOAD_ABANDONED';

/** Ends a raw photo with the reason that its creator is told, once; one that is on sale stays. */
export async function failPhoto(ctx: PhotoContext, photoId: string, reason: string): Promise<void> {
  const isNew = await transact(ctx.db, async (tx) => {
    if ((await findPhoto(tx, photoId)) === undefined) refuse('PHOTO_NOT_FOUND');
    const creatorId = await markFailed(tx, photoId, reason);
    if (creatorId !== undefined && reason !== abandoned) {
      await tellFailed(ctx, tx, { photoId, creatorId, part: 'photo', reason });
    }
    return creatorId !== undefined;
  });
  if (isNew) photosFailed.add({ part: 'photo', reason });
}
