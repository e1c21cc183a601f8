import type { Auth } from '@kilas/identity/auth.ts';
import { identityOf } from '@kilas/identity/identity.ts';
import { exactTime } from '@kilas/platform/db/stored-time.ts';
import type { HttpApp } from '@kilas/platform/http/http-app.ts';
import { decodeCursor, pageOf, pageQuery } from '@kilas/platform/http/page.ts';
import { instant } from '@kilas/platform/values/bounds.ts';
import { z } from 'zod';
import type { PhotoContext } from '../context.ts';
import { eventFacts, factsOf, startPosition } from '../events/event.ts';
import { coversOf, eventCovers } from '../events/event-view.ts';
import { capturePosition, keptFlags, keptFlagsOf, photoView, viewOfPhoto } from '../viewers/photo-view.ts';
import { cutOf } from '../viewers/viewer.ts';
import {
  countForMember,
  countMax,
  listEventsByMember,
  listMatchesByMember,
  listQuestionsByMember,
  listRejectedByMember,
} from './explore-store.ts';

const explorePage = z.object({
  items: z.array(photoView.extend(keptFlags.shape)),
  nextCursor: z.string().nullable(),
});

const foundEvent = eventFacts.omit({ visibility: true }).extend({
  ...eventCovers.shape,
  matchCount: z.number().int().describe(`Photos in which I appear, up to ${countMax}`),
});

const count = z.number().int();
const counts = z.object({ matches: count, questions: count, cart: count, wishlist: count, favourites: count });

export function registerExploreHttp(app: HttpApp, ctx: PhotoContext, auth: Auth): void {
  app.get(
    '/v1/explore',
    {
      onRequest: auth.required,
      schema: {
        tags: ['explore'],
        summary: 'The photos in which I appear, newest capture first',
        security: [{ bearer: [] }],
        querystring: pageQuery.extend({
          eventId: z.guid().optional(),
          creatorId: z.guid().optional(),
          from: instant.optional(),
          to: instant.optional(),
          levelMin: z.coerce
            .number()
            .int()
            .min(1)
            .max(9)
            .optional()
            .describe('Leaves out looser matches; to see looser ones, choose a level: PATCH /v1/me'),
        }),
        response: { 200: explorePage },
      },
    },
    async (request) => {
      const { cursor, limit, eventId, creatorId, from, to, levelMin } = request.query;
      const { accountId: memberId, matchLevel } = identityOf(request);
      const filter = {
        memberId,
        cut: cutOf(ctx, matchLevel),
        levelMin,
        eventId,
        creatorId,
        from,
        to,
      };
      const before = decodeCursor(cursor, capturePosition);
      const rows = await listMatchesByMember(ctx.db, filter, { before, limit: limit + 1 });
      return viewOfPage(ctx, rows, { memberId, limit });
    },
  );
  app.get(
    '/v1/explore/events',
    {
      onRequest: auth.required,
      schema: {
        tags: ['explore'],
        summary: 'The events in which I was found, those that start last first',
        security: [{ bearer: [] }],
        querystring: pageQuery,
        response: { 200: z.object({ items: z.array(foundEvent), nextCursor: z.string().nullable() }) },
      },
    },
    async (request) => {
      const { cursor, limit } = request.query;
      const { accountId: memberId, matchLevel } = identityOf(request);
      const before = decodeCursor(cursor, startPosition);
      const member = { memberId, cut: cutOf(ctx, matchLevel) };
      const rows = await listEventsByMember(ctx.db, member, { before, limit: limit + 1 });
      const page = pageOf(rows, limit, (row) => [exactTime(row.starts_at), row.event_id]);
      return { ...page, items: await Promise.all(page.items.map((row) => viewOfFound(ctx, row))) };
    },
  );
  app.get(
    '/v1/explore/counts',
    {
      onRequest: auth.required,
      schema: {
        tags: ['explore'],
        summary: `How many photos I was found in, am asked about and keep; counted up to ${countMax}`,
        security: [{ bearer: [] }],
        response: { 200: counts },
      },
    },
    async (request) => {
      const { accountId: memberId, matchLevel } = identityOf(request);
      return countForMember(ctx.db, { memberId, cut: cutOf(ctx, matchLevel) });
    },
  );
  const listsToAnswer = [
    {
      path: '/v1/explore/questions',
      list: listQuestionsByMember,
      summary: 'The photos about which I am asked "is this you?", newest capture first',
      description:
        'Photos with a face that looks like mine, but is in profile, is too small to be sure, or is nearer to somebody else. They are not in `/v1/explore` until I confirm them with `PUT /v1/photos/{photoId}/match`. I am not asked again about a photo that I reject. `match.box` says which face it is.',
    },
    {
      path: '/v1/explore/rejected',
      list: listRejectedByMember,
      summary: 'The photos that I rejected ("not me"), newest capture first',
      description:
        '`DELETE /v1/photos/{photoId}/match` takes my answer back; `PUT` with `confirmed` says that it is me after all. A rejected photo does not come back by itself. Withdrawing my consent erases this list.',
    },
  ] as const;
  for (const { path, list, summary, description } of listsToAnswer) {
    app.get(
      path,
      {
        onRequest: auth.required,
        schema: {
          tags: ['explore'],
          summary,
          description,
          security: [{ bearer: [] }],
          querystring: pageQuery,
          response: { 200: explorePage },
        },
      },
      async (request) => {
        const { cursor, limit } = request.query;
        const { accountId: memberId, matchLevel } = identityOf(request);
        const before = decodeCursor(cursor, capturePosition);
        const rows = await list(ctx.db, { memberId, cut: cutOf(ctx, matchLevel) }, { before, limit: limit + 1 });
        return viewOfPage(ctx, rows, { memberId, limit });
      },
    );
  }
}

async function viewOfFound(ctx: PhotoContext, row: FoundRow): Promise<z.output<typeof foundEvent>> {
  const { visibility: _, ...facts } = factsOf(row);
  return { ...facts, ...(await coversOf(ctx, row)), matchCount: row.match_count };
}

type FoundRow = Awaited<ReturnType<typeof listEventsByMember>>[number];
type ExploreRow = Awaited<ReturnType<typeof listMatchesByMember>>[number];

async function viewOfPage(
  ctx: PhotoContext,
  rows: ExploreRow[],
  { memberId, limit }: { memberId: string; limit: number },
): Promise<z.output<typeof explorePage>> {
  const page = pageOf(rows, limit, (row) => [exactTime(row.captured_at), row.photo_id]);
  const items = page.items.map(async (row) => ({
    ...(await viewOfPhoto(ctx, row, memberId)),
    ...keptFlagsOf(row),
  }));
  return { ...page, items: await Promise.all(items) };
}
