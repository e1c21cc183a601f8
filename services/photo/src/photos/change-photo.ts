import { refuse } from '@kilas/messages/refuse.ts';
import { takeAttempt } from '@kilas/messages/take-attempt.ts';
import { transact } from '@kilas/platform/db/transact.ts';
import type { PhotoContext } from '../context.ts';
import { moveOwnPhotos } from './move-photos.ts';
import { updateOwnPhoto } from './photo-store.ts';

export interface PhotoEdit {
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly priceIdr?: number | undefined;
  readonly hidden?: boolean | undefined;
  /** Null: into no event. */
  readonly eventId?: string | null | undefined;
}

/** Changes a creator's own photo, all of it or nothing; anybody else's is not found. Licences that were sold stay good. */
export async function changePhoto(
  ctx: PhotoContext,
  key: { photoId: string; creatorId: string },
  edit: PhotoEdit,
): Promise<void> {
  const { photoId, creatorId } = key;
  const { eventId } = edit;
  const change = {
    ...(edit.title === undefined ? {} : { title: edit.title }),
    ...(edit.description === undefined ? {} : { description: edit.description }),
    ...(edit.priceIdr === undefined ? {} : { price_idr: BigInt(edit.priceIdr) }),
    ...(edit.hidden === undefined ? {} : { is_hidden: edit.hidden }),
  };
  const isChanged = Object.keys(change).length > 0;
  if (!isChanged && eventId === undefined) refuse('REQUEST_INVALID');
  if (eventId !== undefined) await takeAttempt(ctx.limits.movesByCreator, creatorId);
  await transact(ctx.db, async (tx) => {
    const outcomes =
      eventId === undefined ? undefined : await moveOwnPhotos(ctx, tx, { creatorId, photoIds: [photoId], eventId });
    if (outcomes?.get(photoId) === 'not_found') refuse('PHOTO_NOT_FOUND');
    if (isChanged && !(await updateOwnPhoto(tx, key, change))) refuse('PHOTO_NOT_FOUND');
  });
}
