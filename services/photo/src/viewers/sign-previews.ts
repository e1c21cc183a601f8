import { addSeconds } from '@kilas/platform/process/clock.ts';
import type { PhotoContext } from '../context.ts';

const hourMs = 3_600_000;

export interface PreviewLinks {
  readonly previewUrl: string | null;
  readonly thumbnailUrl: string | null;
  readonly linksExpireAt: string;
}

/**
 * Links to what may be shown of a photo, for someone whose right to it was checked. All who ask within an hour get the same
 * links, so that browsers keep the pictures. The links end with the next full hour.
 */
export async function signPreviews(
  ctx: PhotoContext,
  photo: { preview_key: string | null; thumbnail_key: string | null },
): Promise<PreviewLinks> {
  const sharedSince = new Date(Math.floor(ctx.clock.now().getTime() / hourMs) * hourMs);
  const expiresAt = new Date(sharedSince.getTime() + 2 * hourMs);
  const sign = async (key: string | null) =>
    key === null
      ? null
      : ctx.links.sign({ bucket: 'previews', key }, { expiresAt, contentType: 'image/jpeg', sharedSince });
  return {
    previewUrl: await sign(photo.preview_key),
    thumbnailUrl: await sign(photo.thumbnail_key),
    linksExpireAt: expiresAt.toISOString(),
  };
}

/** A link of minutes to the photo with boxes around its faces, which its creator alone gets; null when there is none. */
export async function signProcessed(
  ctx: PhotoContext,
  photo: { processed_key: string | null },
): Promise<{ processedUrl: string | null; processedUrlExpiresAt: string }> {
  const expiresAt = addSeconds(ctx.clock.now(), ctx.config.LINK_LIFETIME_SECONDS);
  const key = photo.processed_key;
  return {
    processedUrl:
      key === null ? null : await ctx.links.sign({ bucket: 'previews', key }, { expiresAt, contentType: 'image/jpeg' }),
    processedUrlExpiresAt: expiresAt.toISOString(),
  };
}
