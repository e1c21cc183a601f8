import type { Auth } from '@kilas/identity/auth.ts';
import { identityOf } from '@kilas/identity/identity.ts';
import { refuse } from '@kilas/messages/refuse.ts';
import { formValidator } from '@kilas/platform/http/form.ts';
import type { HttpApp } from '@kilas/platform/http/http-app.ts';
import { localeOf } from '@kilas/platform/problems/problem.ts';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { UploadContext } from '../context.ts';
import { guestOf } from '../places.ts';
import { duplicate, viewOfDuplicate } from './duplicate-view.ts';
import { photoFields } from './photo-form.ts';
import { receivePhoto, receivePhotos } from './receive-photos.ts';
import { retryUpload } from './retry-upload.ts';
import type { Creator } from './upload.ts';
import { findUploadOfCreator } from './upload-store.ts';

const tags = ['uploads'];
const security = [{ bearer: [] }];
const consumes = ['multipart/form-data'];

const params = z.strictObject({ photoId: z.guid() });
const accepted = z.object({ photoId: z.guid(), status: z.literal('raw') });

const problem = z
  .object({ type: z.string(), title: z.string(), status: z.number().int(), code: z.string(), detail: z.string() })
  .describe('As the problem document of a single upload');

const batch = z.object({
  items: z.array(
    z.object({
      fileName: z.string().describe('Empty if the form itself failed and was not read any further'),
      outcome: z.enum(['accepted', 'duplicate', 'refused']),
      photoId: z.guid().optional(),
      photo: duplicate.optional().describe('For a duplicate: the photo as it is, and the fields that were not applied'),
      problem: problem.optional(),
    }),
  ),
});

const upload = z.object({
  photoId: z.guid(),
  state: z
    .enum(['intended', 'accepted', 'processed', 'failed'])
    .describe('intended: not accepted yet; accepted: images are being made; processed: handed over for sale'),
  reason: z.string().optional().describe('The code of what went wrong'),
  createdAt: z.iso.datetime(),
});

export function registerUploadHttp(app: HttpApp, ctx: UploadContext, auth: Auth): void {
  const onRequest = auth.role('creator', 'CREATOR_REQUIRED');
  const fields = photoFields(ctx.config).shape;
  const file = z.file().describe(`JPEG, PNG, WebP, AVIF or TIFF, at most ${ctx.config.PHOTO_SIZE_MAX_BYTES} bytes`);

  app.post(
    '/v1/uploads/photo',
    {
      onRequest,
      validatorCompiler: formValidator,
      schema: {
        tags,
        summary:
          'Upload a photo; send the fields before the file. The same bytes again get 200 with the photo as it is, and the fields that were not applied',
        security,
        consumes,
        body: z.object({ ...fields, photo: file }),
        response: { 201: accepted, 200: duplicate },
      },
    },
    async (request, reply) => {
      const creator = creatorOf(request);
      const photo = await ctx.limits.photosAtOnce.hold(guestOf(request, creator.creatorId), () =>
        receivePhoto(ctx, request, creator),
      );
      const { photoId } = photo;
      if (photo.isNew) return reply.status(201).send({ photoId, status: 'raw' });
      return reply
        .status(200)
        .send(viewOfDuplicate(photoId, photo.known, localeOf(request.headers['accept-language'])));
    },
  );
  app.post(
    '/v1/uploads/photos',
    {
      onRequest,
      validatorCompiler: formValidator,
      schema: {
        tags,
        summary: `Upload up to ${ctx.config.BATCH_FILES_MAX} photos with the same fields; 201 when all were accepted`,
        security,
        consumes,
        body: z.object({ ...fields, photo: z.array(file) }),
        response: { 201: batch, 207: batch },
      },
    },
    async (request, reply) => {
      const creator = creatorOf(request);
      const locale = localeOf(request.headers['accept-language']);
      const items = await ctx.limits.photosAtOnce.hold(guestOf(request, creator.creatorId), () =>
        receivePhotos(ctx, request, { creator, locale }),
      );
      const areAllAccepted = items.every(({ outcome }) => outcome === 'accepted');
      return reply.status(areAllAccepted ? 201 : 207).send({ items });
    },
  );
  app.get(
    '/v1/uploads/:photoId',
    { onRequest, schema: { tags, summary: 'How far my upload is', security, params, response: { 200: upload } } },
    async (request) => {
      const { photoId } = request.params;
      const found = await findUploadOfCreator(ctx.db, { photoId, creatorId: identityOf(request).accountId });
      if (found === undefined) refuse('PHOTO_NOT_FOUND');
      return {
        photoId,
        state: found.state,
        ...(found.failure_reason === null ? {} : { reason: found.failure_reason }),
        createdAt: found.created_at.toISOString(),
      };
    },
  );
  app.post(
    '/v1/uploads/:photoId/retry',
    {
      onRequest,
      schema: { tags, summary: 'Try a failed photo again', security, params, response: { 200: accepted } },
    },
    async (request) => {
      const { photoId } = request.params;
      await retryUpload(ctx, { photoId, creatorId: identityOf(request).accountId });
      return { photoId, status: 'raw' as const };
    },
  );
}

function creatorOf(request: FastifyRequest): Creator {
  const { accountId: creatorId, timeZone } = identityOf(request);
  return { creatorId, timeZone };
}
