import type { Auth } from '@kilas/identity/auth.ts';
import { identityOf } from '@kilas/identity/identity.ts';
import { exactTime } from '@kilas/platform/db/stored-time.ts';
import type { HttpApp } from '@kilas/platform/http/http-app.ts';
import { decodeCursor, pageOf, pageQuery } from '@kilas/platform/http/page.ts';
import { z } from 'zod';
import type { PhotoContext } from '../context.ts';
import { startPosition } from '../events/event.ts';
import { eventView, viewOfEvent } from '../events/event-view.ts';
import { viewerOf } from '../viewers/viewer.ts';
import { photoCounts, photoCountsOf } from './counts.ts';
import { listEventsOfCreator } from './own-event-store.ts';

const security = [{ bearer: [] }];
const tags = ['events'];

const ownEvent = eventView.extend({ counts: photoCounts.describe('My photos in it') });

export function registerOwnEventsHttp(app: HttpApp, ctx: PhotoContext, auth: Auth): void {
  app.get(
    '/v1/creator/events',
    {
      onRequest: auth.role('creator', 'CREATOR_REQUIRED'),
      schema: {
        tags,
        summary: 'Events in which I take part as a creator, those that start last first',
        security,
        querystring: pageQuery,
        response: { 200: z.object({ items: z.array(ownEvent), nextCursor: z.string().nullable() }) },
      },
    },
    async (request) => {
      const { cursor, limit } = request.query;
      const before = decodeCursor(cursor, startPosition);
      const identity = identityOf(request);
      const rows = await listEventsOfCreator(ctx.db, viewerOf(ctx, identity), identity.accountId, {
        before,
        limit: limit + 1,
      });
      const page = pageOf(rows, limit, (row) => [exactTime(row.starts_at), row.event_id]);
      const items = page.items.map(async (row) => ({
        ...(await viewOfEvent(ctx, row)),
        counts: photoCountsOf(row.counts),
      }));
      return { ...page, items: await Promise.all(items) };
    },
  );
}
