import type { Auth } from '@kilas/identity/auth.ts';
import { identityOf } from '@kilas/identity/identity.ts';
import type { HttpApp } from '@kilas/platform/http/http-app.ts';
import { wholeNumber } from '@kilas/platform/values/bounds.ts';
import { descriptionLengthMax, line, lines, titleLengthMax } from '@kilas/platform/values/text.ts';
import { z } from 'zod';
import type { PhotoContext } from '../context.ts';
import { changePhoto } from './change-photo.ts';

const security = [{ bearer: [] }];
const tags = ['photos'];
const photoParams = z.object({ photoId: z.guid() });
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
}
