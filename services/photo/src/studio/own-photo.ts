import { shownNumber } from '@kilas/platform/db/stored-time.ts';
import { z } from 'zod';
import type { PhotoContext } from '../context.ts';
import { capturedFrom, capturedFromOf } from '../viewers/captured-from.ts';
import { textOfHash } from '../viewers/photo-view.ts';
import { previewLinks, signPreviews, signProcessed } from '../viewers/sign-previews.ts';
import type { listOwnPhotos } from './own-photo-store.ts';

export const ownPhoto = z.object({
  photoId: z.guid(),
  eventId: z.guid().nullable(),
  title: z.string(),
  description: z.string(),
  priceIdr: z.number().int(),
  sale: z.enum(['shared', 'exclusive']),
  status: z.enum(['raw', 'on_sale', 'failed', 'removed']),
  hidden: z.boolean(),
  soldOut: z.boolean(),
  soldCount: z.number().int().describe('How many bought it'),
  failureReason: z.string().nullable(),
  recognition: z.enum(['pending', 'done', 'failed']),
  recognitionFailure: z.string().nullable(),
  faceCount: z.number().int().nullable(),
  sha256: z.string(),
  sizeBytes: z.number().int(),
  format: z.string(),
  camera: z.string().nullable(),
  width: z.number().int().nullable(),
  height: z.number().int().nullable(),
  capturedAt: z.iso.datetime(),
  capturedFrom,
  uploadedAt: z.iso.datetime(),
  ...previewLinks.shape,
  thumbhash: z.string().nullable(),
  linksExpireAt: z.iso.datetime().describe('The end of the links to the previews and the thumbnails'),
  processedUrl: z.string().nullable().describe('With boxes around the faces; for the creator alone, for minutes'),
  processedUrlExpiresAt: z.iso.datetime(),
});

type OwnRow = Awaited<ReturnType<typeof listOwnPhotos>>[number];

/** A photo as its creator sees it, in any state. */
export async function viewOfOwn(ctx: PhotoContext, row: OwnRow): Promise<z.output<typeof ownPhoto>> {
  return {
    photoId: row.photo_id,
    eventId: row.event_id,
    title: row.title,
    description: row.description,
    priceIdr: shownNumber(row.price_idr),
    sale: row.sale,
    status: row.status,
    hidden: row.is_hidden,
    soldOut: row.is_sold_out,
    soldCount: row.sold_count,
    failureReason: row.failure_reason,
    recognition: row.recognition,
    recognitionFailure: row.recognition_failure,
    faceCount: row.face_count,
    sha256: row.sha256,
    sizeBytes: shownNumber(row.size_bytes),
    format: row.format,
    camera: row.camera,
    width: row.width,
    height: row.height,
    capturedAt: row.captured_at.toISOString(),
    capturedFrom: capturedFromOf(row),
    uploadedAt: row.uploaded_at.toISOString(),
    ...(await signPreviews(ctx, row)),
    thumbhash: textOfHash(row.thumbhash),
    ...(await signProcessed(ctx, row)),
  };
}
