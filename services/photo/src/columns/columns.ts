import { z } from 'zod';
import type { PhotoContext } from '../context.ts';
import { textOfHash } from '../viewers/photo-view.ts';
import { signThumbnails, type ThumbnailKeys } from '../viewers/sign-previews.ts';
import { type Segment, segmentQuery } from './segment.ts';

/** Photos of one answer: a segment, with room for those that came into it since the timeline was made. */
const columnLengthMax = 2_000;
/** What the first screen shows. */
const firstLength = 60;

export const columnsQuery = z.strictObject({
  segment: segmentQuery,
  links: z
    .enum(['true', 'false'])
    .optional()
    .describe('Whether to give links; without it they come with the first photos and not with a segment'),
});

export const columns = z.object({
  photoIds: z.array(z.guid()),
  ratios: z.array(z.number()).describe('Width by height; 1 while it is not known'),
  thumbhashes: z.array(z.string().nullable()).describe('In Base64'),
  capturedAt: z.array(z.iso.datetime()),
  links: z
    .object({
      thumbnailUrls: z.array(z.string().nullable()),
      thumbnailSmallUrls: z.array(z.string().nullable()),
    })
    .optional(),
});

export interface ColumnRow extends ThumbnailKeys {
  readonly photo_id: string;
  readonly width: number | null;
  readonly height: number | null;
  readonly thumbhash: Buffer | null;
  readonly captured_at: Date;
}

/** Columns of `photos` that these arrays are made of. */
export const columnFields = [
  'photos.photo_id',
  'photos.width',
  'photos.height',
  'photos.thumbhash',
  'photos.captured_at',
  'photos.thumbnail_key',
  'photos.thumbnail_small_key',
] as const;

/** How many photos an answer holds, and whether it gives links. */
export function extentOf(segment: Segment | undefined, links: 'true' | 'false' | undefined) {
  return segment === undefined
    ? { limit: firstLength, withLinks: links !== 'false' }
    : { limit: columnLengthMax, withLinks: links === 'true' };
}

/** Photos as arrays of one length: a grid of thousands is laid out from them before any image is there. */
export async function columnsOf(
  ctx: PhotoContext,
  rows: readonly ColumnRow[],
  { withLinks }: { withLinks: boolean },
): Promise<z.output<typeof columns>> {
  const links = withLinks ? await Promise.all(rows.map((row) => signThumbnails(ctx, row))) : undefined;
  return {
    photoIds: rows.map((row) => row.photo_id),
    ratios: rows.map(ratioOf),
    thumbhashes: rows.map((row) => textOfHash(row.thumbhash)),
    capturedAt: rows.map((row) => row.captured_at.toISOString()),
    ...(links && {
      links: {
        thumbnailUrls: links.map(({ thumbnailUrl }) => thumbnailUrl),
        thumbnailSmallUrls: links.map(({ thumbnailSmallUrl }) => thumbnailSmallUrl),
      },
    }),
  };
}

/** To three decimals, and never 0; that of a square for sides that no photo has. */
function ratioOf({ width, height }: ColumnRow): number {
  if (width === null || height === null || width <= 0 || height <= 0) return 1;
  return Math.max(1, Math.round((1_000 * width) / height)) / 1_000;
}
