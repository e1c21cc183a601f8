import { exactTimeText, shownNumber, shownReal } from '@kilas/platform/db/stored-time.ts';
import { z } from 'zod';
import type { PhotoContext } from '../context.ts';
import type { CollectionRow } from '../db/schema.ts';
import { buyRefusal } from './buy-refusal.ts';
import { capturedFrom, capturedFromOf } from './captured-from.ts';
import type { PhotoDetails } from './photo-details-store.ts';
import { noPreviews, previewLinks, signPreviews } from './sign-previews.ts';

export const photoView = z.object({
  photoId: z.guid(),
  title: z.string(),
  description: z.string(),
  creator: z.object({ creatorId: z.guid(), displayName: z.string().nullable() }),
  event: z.object({ eventId: z.guid(), name: z.string() }).nullable(),
  priceIdr: z.number().int(),
  sale: z.enum(['shared', 'exclusive']),
  status: z.enum(['raw', 'on_sale', 'failed', 'removed']),
  buyable: z.boolean(),
  notBuyableReason: z
    .string()
    .nullable()
    .describe(
      'PHOTO_OWN, PHOTO_ALREADY_LICENSED (I bought it), PHOTO_NOT_ON_SALE, PHOTO_SOLD, ORDER_OPEN_FOR_PHOTO (mine), PHOTO_RESERVED (somebody is paying), PHOTO_HELD_UNPAID (I reserved it several times and did not pay: others go first), PHOTO_NOT_FOUND (I said that I am not in it, and may not look at it otherwise)',
    ),
  width: z.number().int().nullable(),
  height: z.number().int().nullable(),
  place: z.object({ latitude: z.number(), longitude: z.number() }).nullable(),
  capturedAt: z.iso.datetime(),
  capturedFrom,
  ...previewLinks.shape,
  thumbhash: z.string().nullable().describe('What to draw until the images are there: a ThumbHash in Base64'),
  isOwn: z.boolean(),
  isPurchased: z.boolean().describe('I bought it'),
  linksExpireAt: z.iso.datetime(),
  match: z
    .object({
      level: z.number().int().describe('1 (loosest) to 9 (strictest)'),
      distance: z.number(),
      falseMatchRate: z.number().describe('How likely a stranger comes this near, by the calibration of the models'),
      facesSearched: z.number().int().describe('Faces of the event, among which this one was found'),
      facecamsSearched: z.number().int().describe('My facecams with which they were searched'),
      quality: z
        .object({
          eyeDistancePx: z.number(),
          sharpness: z.number(),
          exposure: z.number(),
          overall: z.number().nullable(),
        })
        .nullable()
        .describe('What the face is like; null where it was not told'),
      isSure: z
        .boolean()
        .describe('False: the face is in profile, too small, or nearer to somebody else. Ask "is this you?" first'),
      answer: z.enum(['suggested', 'confirmed', 'rejected']),
      box: z
        .object({ left: z.number(), top: z.number(), width: z.number(), height: z.number() })
        .describe("Where the member's face is, as fractions of the photo"),
    })
    .nullable(),
});

/** In which of their lists a member has a photo. */
export const keptFlags = z.object({ inCart: z.boolean(), inWishlist: z.boolean(), inFavourites: z.boolean() });

export function keptFlagsOf({ kept_in }: { kept_in: readonly CollectionRow['kind'][] }): z.output<typeof keptFlags> {
  return {
    inCart: kept_in.includes('cart'),
    inWishlist: kept_in.includes('wishlist'),
    inFavourites: kept_in.includes('favourites'),
  };
}

/** A photo as the viewer sees it, with links to its pictures. Their right to it was checked by the query. */
export async function viewOfPhoto(
  ctx: PhotoContext,
  row: PhotoDetails & { readonly may_look?: boolean },
  viewerId: string | null,
): Promise<z.output<typeof photoView>> {
  const notBuyableReason = buyRefusal(row, viewerId) ?? null;
  // A list may still hold a photo that was hidden or removed since: it is named, not shown.
  const isOwn = row.creator_id === viewerId;
  const isShown = isOwn || (row.status === 'on_sale' && !row.is_hidden);
  return {
    photoId: row.photo_id,
    title: row.title,
    description: row.description,
    creator: { creatorId: row.creator_id, displayName: row.creator_name },
    event: row.event_id === null || row.event_name === null ? null : { eventId: row.event_id, name: row.event_name },
    priceIdr: shownNumber(row.price_idr),
    sale: row.sale,
    status: row.status,
    buyable: notBuyableReason === null,
    notBuyableReason,
    width: row.width,
    height: row.height,
    place: placeOf(row),
    capturedAt: row.captured_at.toISOString(),
    capturedFrom: capturedFromOf(row),
    ...(await signPreviews(ctx, isShown ? row : noPreviews)),
    thumbhash: isShown ? textOfHash(row.thumbhash) : null,
    isOwn,
    isPurchased: row.is_bought,
    match: matchOf(row),
  };
}

/** A ThumbHash as answers say it. */
export function textOfHash(hash: Buffer | null): string | null {
  return hash === null ? null : hash.toString('base64');
}

function placeOf(row: PhotoDetails): { latitude: number; longitude: number } | null {
  const [latitude, longitude] = [shownReal(row.latitude), shownReal(row.longitude)];
  return latitude === null || longitude === null ? null : { latitude, longitude };
}

function matchOf(row: PhotoDetails): z.output<typeof photoView>['match'] {
  const { level, answer, facecam_count } = row;
  if (level === null || answer === null) return null;
  const side = (value: number | null) => shownReal(value) ?? 0;
  const box = {
    left: side(row.box_left),
    top: side(row.box_top),
    width: side(row.box_width),
    height: side(row.box_height),
  };
  return {
    level,
    distance: shownReal(row.distance) ?? Number.MAX_VALUE,
    falseMatchRate: shownReal(row.false_match_rate) ?? 1,
    facesSearched: shownNumber(row.faces_searched ?? 0n),
    facecamsSearched: facecam_count ?? 1,
    quality: qualityOf(row),
    isSure: row.is_unsure !== true,
    answer,
    box,
  };
}

function qualityOf(row: PhotoDetails) {
  const eyeDistancePx = shownReal(row.eye_distance_px);
  const sharpness = shownReal(row.sharpness);
  const exposure = shownReal(row.exposure);
  if (eyeDistancePx === null || sharpness === null || exposure === null) return null;
  return { eyeDistancePx, sharpness, exposure, overall: shownReal(row.face_quality) };
}

/** Where a page by capture time ended. */
export const capturePosition = z
  .tuple([exactTimeText, z.guid()])
  .transform(([capturedAt, photoId]) => ({ capturedAt, photoId }));
