import type { Auth } from '@kilas/identity/auth.ts';
import { identityOf } from '@kilas/identity/identity.ts';
import { exactTime, exactTimeText, shownNumber } from '@kilas/platform/db/stored-time.ts';
import type { HttpApp } from '@kilas/platform/http/http-app.ts';
import { decodeCursor, pageOf, pageQuery } from '@kilas/platform/http/page.ts';
import { wholeNumber } from '@kilas/platform/values/bounds.ts';
import { descriptionLengthMax, line, lines, titleLengthMax } from '@kilas/platform/values/text.ts';
import { z } from 'zod';
import type { PhotoContext } from '../context.ts';
import { capturedFrom, capturedFromOf } from '../viewers/captured-from.ts';
import { textOfHash } from '../viewers/photo-view.ts';
import { previewLinks, signPreviews, signProcessed } from '../viewers/sign-previews.ts';
import { changePhoto } from './change-photo.ts';
import { listPhotosByCreator } from './photo-store.ts';

const security = [{ bearer: [] }];
const tags = ['photos'];
const photoParams = z.object({ photoId: z.guid() });
const uploadPosition = z
  .tuple([exactTimeText, z.guid()])
  .transform(([uploadedAt, photoId]) => ({ uploadedAt, photoId }));

const ownPhoto = z.object({
  photoId: z.guid(),
  eventId: z.guid().nullable(),
  title: z.string(),
  priceIdr: z.number().int(),
  sale: z.enum(['shared', 'exclusive']),
  status: z.enum(['raw', 'on_sale', 'failed', 'removed']),
  hidden: z.boolean(),
  soldOut: z.boolean(),
  failureReason: z.string().nullable(),
  recognition: z.enum(['pending', 'done', 'failed']),
  recognitionFailure: z.string().nullable(),
  faceCount: z.number().int().nullable(),
  sha256: z.string(),
  sizeBytes: z.number().int(),
  format: z.string(),
  camera: z.string().nullable(),
  capturedAt: z.iso.datetime(),
  capturedFrom,
  uploadedAt: z.iso.datetime(),
  ...previewLinks.shape,
  thumbhash: z.string().nullable(),
  linksExpireAt: z.iso.datetime().describe('The end of the links to the preview and the thumbnail'),
  processedUrl: z.string().nullable().describe('With boxes around the faces; for the creator alone, for minutes'),
  processedUrlExpiresAt: z.iso.datetime(),
});

export function registerPhotoHttp(app: HttpApp, ctx: PhotoContext, auth: Auth): void {
  app.patch(
    '/v1/photos/:photoId',
    {
      onRequest: auth.role('creator', 'CREATOR_REQUIRED'),
      schema: {
        tags,
        summary: 'Change, hide or show one of my photos',
        security,
        params: photoParams,
        body: z.strictObject({
          title: line(titleLengthMax).optional(),
          description: lines(descriptionLengthMax).optional(),
          priceIdr: wholeNumber(0, ctx.config.PRICE_MAX_IDR).optional(),
          hidden: z.boolean().optional(),
          eventId: z.guid().nullish().describe('An event in which I take part, or null: into none'),
        }),
        response: { 204: z.undefined() },
      },
    },
    async (request, reply) => {
      const key = { photoId: request.params.photoId, creatorId: identityOf(request).accountId };
      await changePhoto(ctx, key, request.body);
      return reply.status(204).send();
    },
  );
  app.get(
    '/v1/creator/photos',
    {
      onRequest: auth.role('creator', 'CREATOR_REQUIRED'),
      schema: {
        tags,
        summary: 'My photos as their creator, in any state, newest upload first',
        security,
        querystring: pageQuery.extend({ eventId: z.guid().optional() }),
        response: { 200: z.object({ items: z.array(ownPhoto), nextCursor: z.string().nullable() }) },
      },
    },
    async (request) => {
      const { cursor, limit, eventId } = request.query;
      const before = decodeCursor(cursor, uploadPosition);
      const creatorId = identityOf(request).accountId;
      const rows = await listPhotosByCreator(ctx.db, creatorId, { before, limit: limit + 1, eventId });
      const page = pageOf(rows, limit, (row) => [exactTime(row.uploaded_at), row.photo_id]);
      return { ...page, items: await Promise.all(page.items.map((row) => viewOfOwn(ctx, row))) };
    },
  );
}

type OwnRow = Awaited<ReturnType<typeof listPhotosByCreator>>[number];

async function viewOfOwn(ctx: PhotoContext, row: OwnRow): Promise<z.output<typeof ownPhoto>> {
  return {
    photoId: row.photo_id,
    eventId: row.event_id,
    title: row.title,
    priceIdr: shownNumber(row.price_idr),
    sale: row.sale,
    status: row.status,
    hidden: row.is_hidden,
    soldOut: row.is_sold_out,
    failureReason: row.failure_reason,
    recognition: row.recognition,
    recognitionFailure: row.recognition_failure,
    faceCount: row.face_count,
    sha256: row.sha256,
    sizeBytes: shownNumber(row.size_bytes),
    format: row.format,
    camera: row.camera,
    capturedAt: row.captured_at.toISOString(),
    capturedFrom: capturedFromOf(row),
    uploadedAt: row.uploaded_at.toISOString(),
    ...(await signPreviews(ctx, row)),
    thumbhash: textOfHash(row.thumbhash),
    ...(await signProcessed(ctx, row)),
  };
}
