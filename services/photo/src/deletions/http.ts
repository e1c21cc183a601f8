import type { Auth } from '@kilas/identity/auth.ts';
import type { HttpApp } from '@kilas/platform/http/http-app.ts';
import { z } from 'zod';
import type { PhotoContext } from '../context.ts';
import { answerOf, eachForItself, outcomesOf, ownPhotosOf, photoCountMax, photoIdList } from '../photos/answer-each.ts';
import { deletePhotos } from './delete-photos.ts';

const deletions = outcomesOf(['deleted']);

export function registerDeletionHttp(app: HttpApp, ctx: PhotoContext, auth: Auth): void {
  app.post(
    '/v1/creator/photos/delete',
    {
      onRequest: auth.role('creator', 'CREATOR_REQUIRED'),
      schema: {
        tags: ['photos'],
        summary: `Delete up to ${photoCountMax} of my photos for good; 207 when some could not be`,
        description: `${eachForItself} A photo that was sold stays (PHOTO_SOLD), and so does one in an order that is being made or paid (PHOTO_RESERVED). The others go with their matches, faces, images and places in lists. The same file can be uploaded again afterwards, as a new photo.`,
        security: [{ bearer: [] }],
        body: z.strictObject({ photoIds: photoIdList }),
        response: { 200: deletions, 207: deletions },
      },
    },
    async (request, reply) => {
      const outcomes = await deletePhotos(ctx, ownPhotosOf(request, request.body.photoIds));
      const { status, items } = answerOf(request, outcomes);
      return reply.status(status).send({ items });
    },
  );
}
