import { refuse } from '@kilas/messages/refuse.ts';
import { addSeconds } from '@kilas/platform/process/clock.ts';
import type { PhotoContext } from '../context.ts';
import { findPhoto } from '../photos/photo-store.ts';
import { originalFileOf } from './original-file.ts';

/** A short link to the original, for a buyer whose licence the caller has checked; also of a hidden or removed photo. */
export async function linkOriginal(ctx: PhotoContext, photoId: string) {
  const photo = await findPhoto(ctx.db, photoId);
  if (photo === undefined) refuse('PHOTO_NOT_FOUND');
  const { fileName, contentType } = originalFileOf(photo);
  const expiresAt = addSeconds(ctx.clock.now(), ctx.config.LINK_LIFETIME_SECONDS);
  const url = await ctx.links.sign(
    { bucket: 'originals', key: photo.original_key },
    { expiresAt, contentType, downloadName: fileName },
  );
  return { url, expiresAt, fileName, sha256: photo.sha256, sizeBytes: photo.size_bytes };
}
