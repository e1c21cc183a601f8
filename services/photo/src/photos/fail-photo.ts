import { refuse } from '@kilas/messages/refuse.ts';
import type { PhotoContext } from '../context.ts';
import { findPhoto, markFailed } from './photo-store.ts';

/** Ends a raw photo with the reason its creator is shown; one that is on sale stays. */
export async function failPhoto(ctx: PhotoContext, photoId: string, reason: string): Promise<void> {
  if ((await findPhoto(ctx.db, photoId)) === undefined) refuse('PHOTO_NOT_FOUND');
  await markFailed(ctx.db, photoId, reason);
}
