import type { Auth } from '@kilas/identity/auth.ts';
import type { HttpApp } from '@kilas/platform/http/http-app.ts';
import { wholeNumber } from '@kilas/platform/values/bounds.ts';
import { z } from 'zod';
import type { PhotoContext } from '../context.ts';
import { answerOf, eachForItself, outcomesOf, ownPhotosOf, photoCountMax, photoIdList } from './answer-each.ts';
import { changePhotos } from './change-photos.ts';
import { movePhotos } from './move-photos.ts';

const security = [{ bearer: [] }];
const tags = ['photos'];

const moves = outcomesOf(['moved', 'unchanged']);
const changes = outcomesOf(['changed', 'unchanged']);

export function registerBulkHttp(app: HttpApp, ctx: PhotoContext, auth: Auth): void {
  const onRequest = auth.role('creator', 'CREATOR_REQUIRED');
  app.patch(
    '/v1/creator/photos',
    {
      onRequest,
      schema: {
        tags,
        summary: `Give up to ${photoCountMax} of my photos one price, hide or show them; 207 when some could not be`,
        description: `${eachForItself} Licences that were sold stay good.`,
        security,
        body: z.strictObject({
          photoIds: photoIdList,
          priceIdr: wholeNumber(0, ctx.config.PRICE_MAX_IDR).optional(),
          hidden: z.boolean().optional(),
        }),
        response: { 200: changes, 207: changes },
      },
    },
    async (request, reply) => {
      const { photoIds, ...edit } = request.body;
      const outcomes = await changePhotos(ctx, ownPhotosOf(request, photoIds), edit);
      const { status, items } = answerOf(request, outcomes);
      return reply.status(status).send({ items });
    },
  );
  app.post(
    '/v1/creator/photos/move',
    {
      onRequest,
      schema: {
        tags,
        summary: `Put up to ${photoCountMax} of my photos into another event, or into none; 207 when some could not be`,
        description: `${eachForItself} Those that can be moved are moved together. Sold licences, lists and answers stay. Capture times without an offset are read in the zone of the event.`,
        security,
        body: z.strictObject({
          photoIds: photoIdList,
          eventId: z.guid().nullable().describe('An event in which I take part, or null: into none'),
        }),
        response: { 200: moves, 207: moves },
      },
    },
    async (request, reply) => {
      const { photoIds, eventId } = request.body;
      const outcomes = await movePhotos(ctx, { ...ownPhotosOf(request, photoIds), eventId });
      const { status, items } = answerOf(request, outcomes);
      return reply.status(status).send({ items });
    },
  );
}
