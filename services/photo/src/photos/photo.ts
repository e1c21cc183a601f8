import { addSeconds } from '@kilas/platform/clock.ts';
import type { LinkSigner } from '@kilas/platform/objects.ts';
import type { Selectable } from 'kysely';
import type { PhotoContext } from '../context.ts';
import type { PhotoRow } from '../db/schema.ts';

/** Why a photo cannot be bought by anyone now; undefined when it can. */
export function saleRefusal(
  photo: Pick<Selectable<PhotoRow>, 'status' | 'is_hidden' | 'is_sold_out'>,
): 'PHOTO_NOT_ON_SALE' | 'PHOTO_SOLD' | undefined {
  if (photo.status !== 'on_sale' || photo.is_hidden) return 'PHOTO_NOT_ON_SALE';
  return photo.is_sold_out ? 'PHOTO_SOLD' : undefined;
}

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
export async function signJpeg(links: LinkSigner, key: string | null, expiresAt: Date): Promise<string | null> {
  return key === null ? null : links.sign({ bucket: 'previews', key }, { expiresAt, contentType: 'image/jpeg' });
}
