import type { Auth } from '@kilas/identity/auth.ts';
import { identityOf } from '@kilas/identity/identity.ts';
import { problems, type Reason } from '@kilas/messages/problems.ts';
import type { HttpApp } from '@kilas/platform/http/http-app.ts';
import { localeOf, problemOf } from '@kilas/platform/problems/problem.ts';
import { listOf, wholeNumber } from '@kilas/platform/values/bounds.ts';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { PhotoContext } from '../context.ts';
import { changePhotos } from './change-photos.ts';
import { movePhotos } from './move-photos.ts';

const security = [{ bearer: [] }];
const tags = ['photos'];

/** What a photographer has on one screen, with room; one transaction holds them all. */
const photoCountMax = 500;
const eachForItself = 'Each photo is answered for itself, and to ask again changes nothing.';

const photoIdList = listOf(z.guid(), photoCountMax);

const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.string(),
  detail: z.string(),
});

function outcomesOf<const Done extends string>(done: readonly Done[]) {
  const outcome = z.enum([...done, 'refused']);
  return z.object({ items: z.array(z.object({ photoId: z.guid(), outcome, problem: problem.optional() })) });
}

const moves = outcomesOf(['moved', 'unchanged']);
const changes = outcomesOf(['changed', 'unchanged']);

const reasons = { not_found: 'PHOTO_NOT_FOUND' } as const satisfies Record<string, Reason>;
type Refused = keyof typeof reasons;

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

/** Each once, as the database writes it. */
function ownPhotosOf(request: FastifyRequest, photoIds: readonly string[]) {
  const ids = new Set(photoIds.map((photoId) => photoId.toLowerCase()));
  return { creatorId: identityOf(request).accountId, photoIds: [...ids] };
}

function answerOf<Done extends string>(request: FastifyRequest, outcomes: ReadonlyMap<string, Done | Refused>) {
  const locale = localeOf(request.headers['accept-language']);
  const items = [...outcomes].map(([photoId, outcome]) => {
    if (!isRefused(outcome)) return { photoId, outcome };
    const reason = reasons[outcome];
    const refusal = { code: problems[reason].code, reason, params: {} };
    return { photoId, outcome: 'refused' as const, problem: problemOf(refusal, problems, locale) };
  });
  const areAllDone = items.every(({ outcome }) => outcome !== 'refused');
  return { status: areAllDone ? (200 as const) : (207 as const), items };
}

function isRefused<Done extends string>(outcome: Done | Refused): outcome is Refused {
  return outcome in reasons;
}
