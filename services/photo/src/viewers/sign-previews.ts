import type { LinkSigner } from '@kilas/platform/objects/objects.ts';
import { addSeconds } from '@kilas/platform/process/clock.ts';
import type { Bucket } from '@kilas/storage/buckets.ts';
import type { PhotoContext } from '../context.ts';

export interface PreviewLinks {
  readonly previewUrl: string | null;
  readonly thumbnailUrl: string | null;
  readonly linksExpireAt: string;
}

/** Links to what may be shown of a photo, for someone whose right to it was checked. */
export async function signPreviews(
  ctx: PhotoContext,
  photo: { preview_key: string | null; thumbnail_key: string | null },
): Promise<PreviewLinks> {
  const expiresAt = addSeconds(ctx.clock.now(), ctx.config.LINK_LIFETIME_SECONDS);
  return {
    previewUrl: await signJpeg(ctx.links, photo.preview_key, expiresAt),
    thumbnailUrl: await signJpeg(ctx.links, photo.thumbnail_key, expiresAt),
    linksExpireAt: expiresAt.toISOString(),
  };
}

/** A link to a derived image, or null when there is none yet. */
export async function signJpeg(links: LinkSigner<Bucket>, key: string | null, expiresAt: Date): Promise<string | null> {
  return key === null ? null : links.sign({ bucket: 'previews', key }, { expiresAt, contentType: 'image/jpeg' });
}
