import { refuse } from '@kilas/messages/refuse.ts';
import { addSeconds } from '@kilas/platform/process/clock.ts';
import type { PhotoContext } from '../context.ts';
import { findPhoto } from '../photos/photo-store.ts';

const fileTypes: Readonly<Record<string, { contentType: string; extension: string }>> = {
  jpeg: { contentType: 'image/jpeg', extension: 'jpg' },
  png: { contentType: 'image/png', extension: 'png' },
  webp: { contentType: 'image/webp', extension: 'webp' },
  avif: { contentType: 'image/avif', extension: 'avif' },
  tiff: { contentType: 'image/tiff', extension: 'tif' },
};

/** A short link to the original, for a buyer whose licence the caller has checked; also of a hidden or removed photo. */
export async function linkOriginal(ctx: PhotoContext, photoId: string) {
  const photo = await findPhoto(ctx.db, photoId);
  if (photo === undefined) refuse('PHOTO_NOT_FOUND');
  const type = fileTypes[photo.format] ?? { contentType: 'application/octet-stream', extension: 'bin' };
  const fileName = `${fileNameOf(photo.title)}.${type.extension}`;
  const expiresAt = addSeconds(ctx.clock.now(), ctx.config.LINK_LIFETIME_SECONDS);
  const url = await ctx.links.sign(
    { bucket: 'originals', key: photo.original_key },
    { expiresAt, contentType: type.contentType, downloadName: fileName },
  );
  return { url, expiresAt, fileName, sha256: photo.sha256, sizeBytes: photo.size_bytes };
}

/** A title as a file name that every system takes. */
function fileNameOf(title: string): string {
  const name = title
    .replace(/[^\p{L}\p{M}\p{N} ._-]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[. ]+|[. ]+$/g, '');
  return name === '' ? 'photo' : name;
}
