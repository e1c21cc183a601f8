import type { Auth } from '@kilas/identity/auth.ts';
import { optionalIdentityOf } from '@kilas/identity/identity.ts';
import { refuse } from '@kilas/messages/refuse.ts';
import type { HttpApp } from '@kilas/platform/http/http-app.ts';
import { memoryCache } from '@kilas/platform/shared/memory-shared-state.ts';
import { sendJsonText, shareAnswers } from '@kilas/platform/shared/share-answers.ts';
import { z } from 'zod';
import { columns, columnsOf, columnsQuery, extentOf } from '../columns/columns.ts';
import { type Position, readSegment } from '../columns/segment.ts';
import { timeline, timelineOf } from '../columns/timeline.ts';
import type { PhotoContext } from '../context.ts';
import { shareQuery, type Viewer, viewerOf } from '../viewers/viewer.ts';
import { listBoundaries, listColumns, type ViewedEvent } from './event-photos-store.ts';
import { findBrowsableEvent } from './event-store.ts';

const security = [{}, { bearer: [] }];
const tags = ['events'];
const eventParams = z.object({ eventId: z.guid() });
const sharedSeconds = 2;
/** A timeline of 100,000 photos is some 30 kB, as are the first columns with links. */
const sharedMax = 200;

/** The photos of an event as a grid needs them: how many there are when, then what each looks like, by the thousand. */
export function registerBrowseHttp(app: HttpApp, ctx: PhotoContext, auth: Auth): void {
  const timelines = shareAnswers(memoryCache(sharedSeconds, sharedMax));
  const firstColumns = shareAnswers(memoryCache(sharedSeconds, sharedMax));
  app.get(
    '/v1/events/:eventId/timeline',
    {
      onRequest: auth.optional,
      schema: {
        tags,
        summary: 'How many photos of an event that I may browse were taken when, newest first',
        security,
        params: eventParams,
        querystring: z.strictObject({ share: shareQuery }),
        response: { 200: timeline },
      },
    },
    async (request, reply) => {
      const viewer = viewerOf(ctx, optionalIdentityOf(request), request.query.share);
      const event = await openFor(ctx, request.params.eventId, viewer);
      const read = async () => timelineOf(await listBoundaries(ctx.db, event, viewer));
      if (!event.isOpen) return read();
      // It is the same for all who may browse the event, and at a finish line they come together.
      return sendJsonText(reply, await timelines(event.eventId, async () => JSON.stringify(await read())));
    },
  );
  app.get(
    '/v1/events/:eventId/columns',
    {
      onRequest: auth.optional,
      schema: {
        tags,
        summary: 'A segment of the timeline of an event as arrays of one length, newest capture first',
        description:
          'Without `segment`: the first sixty photos, with links to their thumbnails. `POST /v1/photos/links` gives links to any.',
        security,
        params: eventParams,
        querystring: columnsQuery.extend({ share: shareQuery }),
        response: { 200: columns },
      },
    },
    async (request, reply) => {
      const { share, links } = request.query;
      const segment = readSegment(request.query.segment);
      const viewer = viewerOf(ctx, optionalIdentityOf(request), share);
      const event = await openFor(ctx, request.params.eventId, viewer);
      const { limit, withLinks } = extentOf(segment, links);
      const slice = { from: capture(segment?.from), before: capture(segment?.before), limit };
      const read = async () => columnsOf(ctx, await listColumns(ctx.db, event, viewer, slice), { withLinks });
      if (viewer.memberId !== null || segment !== undefined) return read();
      const key = JSON.stringify([event.eventId, withLinks]);
      return sendJsonText(reply, await firstColumns(key, async () => JSON.stringify(await read())));
    },
  );
}

async function openFor(ctx: PhotoContext, eventId: string, viewer: Viewer): Promise<ViewedEvent> {
  return (await findBrowsableEvent(ctx.db, eventId, viewer)) ?? refuse('EVENT_NOT_FOUND');
}

function capture(position: Position | undefined) {
  return position && { capturedAt: position.at, photoId: position.photoId };
}
