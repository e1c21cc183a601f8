import type { Auth } from '@kilas/identity/auth.ts';
import { identityOf, optionalIdentityOf } from '@kilas/identity/identity.ts';
import { refuse } from '@kilas/messages/refuse.ts';
import { exactTime } from '@kilas/platform/db/stored-time.ts';
import type { HttpApp } from '@kilas/platform/http/http-app.ts';
import { decodeCursor, pageOf, pageQuery } from '@kilas/platform/http/page.ts';
import { memoryCache } from '@kilas/platform/shared/memory-shared-state.ts';
import { sendJsonText, shareAnswers } from '@kilas/platform/shared/share-answers.ts';
import { z } from 'zod';
import type { PhotoContext } from '../context.ts';
import { capturePosition, photoView, viewOfPhoto } from '../viewers/photo-view.ts';
import { shareQuery, viewerOf } from '../viewers/viewer.ts';
import { createEvent } from './create-event.ts';
import { startPosition } from './event.ts';
import { eventInput } from './event-input.ts';
import { findEventFor, listEventsFor } from './event-store.ts';
import { eventView, viewOfEvent } from './event-view.ts';
import { listEventPhotos } from './list-event-photos.ts';

const security = [{ bearer: [] }];
/** Of routes that answer more to who signs in. */
const optionalSecurity = [{}, ...security];
const tags = ['events'];
const eventParams = z.object({ eventId: z.guid() });

const photoPage = z.object({ items: z.array(photoView), nextCursor: z.string().nullable() });

const firstPageSeconds = 2;
/** A page of a hundred photos is some 90 kB. */
const firstPagesMax = 200;

export function registerEventHttp(app: HttpApp, ctx: PhotoContext, auth: Auth): void {
  // In this process: what replicas share is hints, and a page is shown as it was found.
  const firstPages = shareAnswers(memoryCache(firstPageSeconds, firstPagesMax));
  const eventPages = shareAnswers(memoryCache(firstPageSeconds, firstPagesMax));
  app.post(
    '/v1/events',
    {
      onRequest: auth.role('creator', 'CREATOR_REQUIRED'),
      schema: {
        tags,
        summary: 'Create an event',
        security,
        body: eventInput.extend({
          visibility: eventInput.shape.visibility.default('matches'),
          retentionDays: eventInput.shape.retentionDays.default(60),
        }),
        response: { 201: eventView },
      },
    },
    async (request, reply) => {
      const { place, ...input } = request.body;
      const identity = identityOf(request);
      const eventId = await createEvent(ctx, { ...input, ownerId: identity.accountId, place: place ?? null });
      const row = (await findEventFor(ctx.db, eventId, viewerOf(ctx, identity))) ?? refuse('EVENT_NOT_FOUND');
      return reply.status(201).send(await viewOfEvent(ctx, row));
    },
  );
  app.get(
    '/v1/events',
    {
      onRequest: auth.optional,
      schema: {
        tags,
        summary: 'Public events that have begun and my own, those that start last first',
        description: 'A public event that is still to come is found by its link, and stands here from its start.',
        security: optionalSecurity,
        querystring: pageQuery,
        response: { 200: z.object({ items: z.array(eventView), nextCursor: z.string().nullable() }) },
      },
    },
    async (request) => {
      const { cursor, limit } = request.query;
      const viewer = viewerOf(ctx, optionalIdentityOf(request));
      const before = decodeCursor(cursor, startPosition);
      const rows = await listEventsFor(ctx.db, viewer, { now: ctx.clock.now(), before, limit: limit + 1 });
      const page = pageOf(rows, limit, (row) => [exactTime(row.starts_at), row.event_id]);
      return { ...page, items: await Promise.all(page.items.map((row) => viewOfEvent(ctx, row))) };
    },
  );
  app.get(
    '/v1/events/:eventId',
    {
      onRequest: auth.optional,
      schema: {
        tags,
        summary: 'An event that I may look at, or whose link I hold',
        security: optionalSecurity,
        params: eventParams,
        querystring: z.strictObject({ share: shareQuery }),
        response: { 200: eventView },
      },
    },
    async (request, reply) => {
      const { eventId } = request.params;
      const { share } = request.query;
      const viewer = viewerOf(ctx, optionalIdentityOf(request), share);
      const read = async () =>
        viewOfEvent(ctx, (await findEventFor(ctx.db, eventId, viewer)) ?? refuse('EVENT_NOT_FOUND'));
      if (viewer.memberId !== null) return read();
      const key = JSON.stringify([eventId, share]);
      return sendJsonText(reply, await eventPages(key, async () => JSON.stringify(eventView.parse(await read()))));
    },
  );
  app.get(
    '/v1/events/:eventId/photos',
    {
      onRequest: auth.optional,
      schema: {
        tags,
        summary: 'The photos of an event that I may see, newest capture first',
        security: optionalSecurity,
        params: eventParams,
        querystring: pageQuery.extend({ share: shareQuery }),
        response: { 200: photoPage },
      },
    },
    async (request, reply) => {
      const { eventId } = request.params;
      const { cursor, limit, share } = request.query;
      const viewer = viewerOf(ctx, optionalIdentityOf(request), share);
      const readPage = async () => {
        const before = decodeCursor(cursor, capturePosition);
        const rows = await listEventPhotos(ctx, eventId, viewer, { before, limit: limit + 1 });
        const page = pageOf(rows, limit, (row) => [exactTime(row.captured_at), row.photo_id]);
        return { ...page, items: await Promise.all(page.items.map((row) => viewOfPhoto(ctx, row, viewer.memberId))) };
      };
      if (viewer.memberId !== null || cursor !== undefined) return readPage();
      // All visitors of an event see the same first page, and at a finish line they come together.
      const key = JSON.stringify([eventId, share, limit]);
      const body = await firstPages(key, async () => JSON.stringify(photoPage.parse(await readPage())));
      return sendJsonText(reply, body);
    },
  );
}
