import { addSeconds } from '@kilas/platform/process/clock.ts';
import { z } from 'zod';
import type { PhotoContext } from '../context.ts';

const hourMs = 3_600_000;

/** Keys of what may be shown of a photo; the small ones are null where the photo has none. */
export interface PreviewKeys extends ThumbnailKeys {
  readonly preview_key: string | null;
  readonly preview_small_key: string | null;
}

export interface ThumbnailKeys {
  readonly thumbnail_key: string | null;
  readonly thumbnail_small_key: string | null;
}

export const noPreviews: PreviewKeys = {
  preview_key: null,
  preview_small_key: null,
  thumbnail_key: null,
  thumbnail_small_key: null,
};

/** How an answer says the links to a photo. */
export const previewLinks = z.object({
  previewUrl: z.string().nullable(),
  previewSmallUrl: z.string().nullable().describe('Another size; `previewUrl` where the photo has one size alone'),
  thumbnailUrl: z.string().nullable(),
  thumbnailSmallUrl: z.string().nullable().describe('Another size; `thumbnailUrl` where the photo has one size alone'),
});

export type PreviewLinks = z.infer<typeof previewLinks>;

/**
 * Links to what may be shown of a photo, for someone whose right to it was checked. All who ask within an hour get the same
 * links, so that browsers keep the pictures. The links end with the next full hour.
 */
export async function signPreviews(ctx: PhotoContext, photo: PreviewKeys): Promise<PreviewLinks & SharedLinks> {
  const { sign, linksExpireAt } = sharedLinks(ctx, photo);
  const previewUrl = await sign(photo.preview_key);
  const previewSmallUrl = (await sign(photo.preview_small_key)) ?? previewUrl;
  return { previewUrl, previewSmallUrl, ...(await signThumbnails(ctx, photo)), linksExpireAt };
}

/** The smaller half of them, for where hundreds of photos are drawn. */
export async function signThumbnails(
  ctx: PhotoContext,
  photo: ThumbnailKeys,
): Promise<Pick<PreviewLinks, 'thumbnailUrl' | 'thumbnailSmallUrl'>> {
  const { sign } = sharedLinks(ctx, photo);
  const thumbnailUrl = await sign(photo.thumbnail_key);
  return { thumbnailUrl, thumbnailSmallUrl: (await sign(photo.thumbnail_small_key)) ?? thumbnailUrl };
}

interface SharedLinks {
  readonly linksExpireAt: string;
}

function sharedLinks({ clock, links }: PhotoContext, photo: ThumbnailKeys) {
  // A photo without small images is of a release that made JPEGs.
  const contentType = photo.thumbnail_small_key === null ? 'image/jpeg' : 'image/webp';
  const sharedSince = new Date(Math.floor(clock.now().getTime() / hourMs) * hourMs);
  const expiresAt = new Date(sharedSince.getTime() + 2 * hourMs);
  const sign = async (key: string | null) =>
    key === null ? null : links.sign({ bucket: 'previews', key }, { expiresAt, contentType, sharedSince });
  return { sign, linksExpireAt: expiresAt.toISOString() };
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
