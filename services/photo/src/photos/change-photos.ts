import { refuse } from '@kilas/messages/refuse.ts';
import { takeAttempt } from '@kilas/messages/take-attempt.ts';
import { transact } from '@kilas/platform/db/transact.ts';
import type { PhotoContext } from '../context.ts';
import { lockOwnPhotos, updatePhotos } from './own-photos-store.ts';

export interface BulkEdit {
  readonly priceIdr?: number | undefined;
  readonly hidden?: boolean | undefined;
}

/** `not_found`: none of the creator's, or removed by the operator. */
export type ChangeOutcome = 'changed' | 'unchanged' | 'not_found';

/**
 * Gives a creator's photos one price, hides or shows them, and says for each what became of it. A photo that is gone does not keep the others from
 * being changed. All changes are one transaction. Refuses with REQUEST_INVALID, TOO_MANY_REQUESTS.
 */
export async function changePhotos(
  ctx: PhotoContext,
  { creatorId, photoIds }: { creatorId: string; photoIds: readonly string[] },
  { priceIdr, hidden }: BulkEdit,
): Promise<ReadonlyMap<string, ChangeOutcome>> {
  if (priceIdr === undefined && hidden === undefined) refuse('REQUEST_INVALID');
  await takeAttempt(ctx.limits.changesByCreator, creatorId);
  const change = {
    ...(priceIdr === undefined ? {} : { price_idr: BigInt(priceIdr) }),
    ...(hidden === undefined ? {} : { is_hidden: hidden }),
  };
  return transact(ctx.db, async (tx) => {
    const photos = await lockOwnPhotos(tx, { creatorId, photoIds });
    const outcomes = new Map(
      photos.map((photo): [string, ChangeOutcome] => {
        const after = { ...photo, ...change };
        const isSame = after.price_idr === photo.price_idr && after.is_hidden === photo.is_hidden;
        return [photo.photo_id, isSame ? 'unchanged' : 'changed'];
      }),
    );
    const changedIds = [...outcomes].flatMap(([photoId, outcome]) => (outcome === 'changed' ? [photoId] : []));
    await updatePhotos(tx, changedIds, change);
    return new Map(photoIds.map((photoId) => [photoId, outcomes.get(photoId) ?? 'not_found']));
  });
}
