import type { Auth } from '@kilas/identity/auth.ts';
import { identityOf } from '@kilas/identity/identity.ts';
import { refuse } from '@kilas/messages/refuse.ts';
import { exactTime } from '@kilas/platform/db/stored-time.ts';
import type { HttpApp } from '@kilas/platform/http/http-app.ts';
import { decodeCursor, pageOf, pageQuery } from '@kilas/platform/http/page.ts';
import { z } from 'zod';
import type { PhotoContext } from '../context.ts';
import { startPosition } from '../events/event.ts';
import { eventInput } from '../events/event-input.ts';
import { findEventFor } from '../events/event-store.ts';
import { eventView, viewOfEvent } from '../events/event-view.ts';
import { viewerOf } from '../viewers/viewer.ts';
import { changeEvent } from './change-event.ts';
import { photoCounts, photoCountsOf } from './counts.ts';
import { deleteEvent } from './delete-event.ts';
import { listEventsOfCreator } from './own-event-store.ts';

const security = [{ bearer: [] }];
const tags = ['events'];
const eventParams = z.object({ eventId: z.guid() });

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
  app.patch(
    '/v1/events/:eventId',
    {
      onRequest: auth.role('creator', 'CREATOR_REQUIRED'),
      schema: {
        tags,
        summary: 'Change my event',
        description:
          'With another time zone or another end, the capture times of its photos are read again, of up to 10,000 photos, and thirty times an hour at most. A cover is a photo of the event that is on sale; null: the first one taken.',
        security,
        params: eventParams,
        body: eventInput.partial().extend({ coverPhotoId: z.guid().nullish() }),
        response: { 200: eventView },
      },
    },
    async (request) => {
      const identity = identityOf(request);
      const { eventId } = request.params;
      const { name, startsAt, endsAt, timeZone, place, visibility, retentionDays, coverPhotoId } = request.body;
      await changeEvent(
        ctx,
        { eventId, ownerId: identity.accountId },
        {
          ...(name === undefined ? {} : { name }),
          ...(startsAt === undefined ? {} : { starts_at: startsAt }),
          ...(endsAt === undefined ? {} : { ends_at: endsAt }),
          ...(timeZone === undefined ? {} : { time_zone: timeZone }),
          ...(place === undefined ? {} : { place }),
          ...(visibility === undefined ? {} : { visibility }),
          ...(retentionDays === undefined ? {} : { retention_days: retentionDays }),
          ...(coverPhotoId === undefined ? {} : { cover_photo_id: coverPhotoId }),
        },
      );
      const row = (await findEventFor(ctx.db, eventId, viewerOf(ctx, identity))) ?? refuse('EVENT_NOT_FOUND');
      return viewOfEvent(ctx, row);
    },
  );
  app.delete(
    '/v1/events/:eventId',
    {
      onRequest: auth.role('creator', 'CREATOR_REQUIRED'),
      schema: {
        tags,
        summary: 'Delete my event, in which no photo is',
        security,
        params: eventParams,
        response: { 204: z.undefined() },
      },
    },
    async (request, reply) => {
      await deleteEvent(ctx, { eventId: request.params.eventId, ownerId: identityOf(request).accountId });
      return reply.status(204).send();
    },
  );
}
