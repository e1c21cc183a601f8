import { refuse } from '@kilas/messages/refuse.ts';
import type { PhotoContext } from '../context.ts';
import { isDeleted } from './own-photos-store.ts';
import { findPhoto } from './photo-store.ts';

/** A photo as its creator has made it by now, in any state; somebody else's is not found. Refuses with PHOTO_NOT_FOUND, PHOTO_DELETED. */
export async function readPhoto(ctx: PhotoContext, { photoId, creatorId }: { photoId: string; creatorId: string }) {
  const photo = await findPhoto(ctx.db, photoId);
  if (photo === undefined && (await isDeleted(ctx.db, photoId))) refuse('PHOTO_DELETED');
  if (photo?.creator_id !== creatorId) refuse('PHOTO_NOT_FOUND');
  const { latitude, longitude } = photo;
  return {
    status: photo.status,
    ...(photo.failure_reason === null ? {} : { failureReason: photo.failure_reason }),
    ...(photo.event_id === null ? {} : { eventId: photo.event_id }),
    title: photo.title,
    description: photo.description,
    priceIdr: photo.price_idr,
    sale: photo.sale,
    ...(latitude === null || longitude === null ? {} : { place: { latitude, longitude } }),
    isHidden: photo.is_hidden,
  };
}
