import type { Auth } from '@kilas/identity/auth.ts';
import { identityOf } from '@kilas/identity/identity.ts';
import { refuse } from '@kilas/messages/refuse.ts';
import { exactTime, exactTimeText } from '@kilas/platform/db/stored-time.ts';
import type { HttpApp } from '@kilas/platform/http/http-app.ts';
import { decodeCursor, pageOf, pageQuery } from '@kilas/platform/http/page.ts';
import { z } from 'zod';
import { columns, columnsOf, columnsQuery, extentOf } from '../columns/columns.ts';
import { readSegment } from '../columns/segment.ts';
import { timeline, timelineOf } from '../columns/timeline.ts';
import type { PhotoContext } from '../context.ts';
import { photoCounts, photoCountsOf } from './counts.ts';
import { ownPhoto, viewOfOwn } from './own-photo.ts';
import {
  countOwnPhotos,
  findOwnPhoto,
  listOwnBoundaries,
  listOwnColumns,
  listOwnPhotos,
  photoStates,
} from './own-photo-store.ts';

const security = [{ bearer: [] }];
const tags = ['photos'];
const uploadPosition = z.tuple([exactTimeText, z.guid()]).transform(([at, photoId]) => ({ at, photoId }));

const ownQuery = z.strictObject({
  eventId: z
    .union([z.guid(), z.literal('none')])
    .optional()
    .describe('Of one event, or `none`: of no event'),
  state: z
    .enum([...photoStates, 'sold'])
    .optional()
    .describe('`sold`: those that somebody bought, in any state'),
});

/** A creator's own photos in any state: as a list, one by one, and as a grid needs them. */
export function registerOwnPhotosHttp(app: HttpApp, ctx: PhotoContext, auth: Auth): void {
  const onRequest = auth.role('creator', 'CREATOR_REQUIRED');
  app.get(
    '/v1/creator/photos',
    {
      onRequest,
      schema: {
        tags,
        summary: 'My photos as their creator, in any state, newest upload first',
        security,
        querystring: pageQuery.extend(ownQuery.shape),
        response: { 200: z.object({ items: z.array(ownPhoto), nextCursor: z.string().nullable() }) },
      },
    },
    async (request) => {
      const { cursor, limit, ...filter } = request.query;
      const before = decodeCursor(cursor, uploadPosition);
      const creatorId = identityOf(request).accountId;
      const rows = await listOwnPhotos(ctx.db, { creatorId, ...filter }, { before, limit: limit + 1 });
      const page = pageOf(rows, limit, (row) => [exactTime(row.uploaded_at), row.photo_id]);
      return { ...page, items: await Promise.all(page.items.map((row) => viewOfOwn(ctx, row))) };
    },
  );
  app.get(
    '/v1/creator/photos/:photoId',
    {
      onRequest,
      schema: {
        tags,
        summary: 'One of my photos as its creator, in any state',
        security,
        params: z.object({ photoId: z.guid() }),
        response: { 200: ownPhoto },
      },
    },
    async (request) => {
      const { photoId } = request.params;
      const row = await findOwnPhoto(ctx.db, { creatorId: identityOf(request).accountId, photoId });
      return row === undefined ? refuse('PHOTO_NOT_FOUND') : viewOfOwn(ctx, row);
    },
  );
  app.get(
    '/v1/creator/counts',
    {
      onRequest,
      schema: {
        tags,
        summary: 'How many photos I have as their creator, by state',
        security,
        response: { 200: photoCounts.extend({ withoutEvent: z.number().int() }) },
      },
    },
    async (request) => {
      const rows = await countOwnPhotos(ctx.db, identityOf(request).accountId);
      const counts = Object.fromEntries(rows.map(({ state, count }) => [state, count]));
      const apart = rows.filter(({ state }) => state !== 'sold');
      return {
        ...photoCountsOf(counts),
        withoutEvent: apart.reduce((sum, { withoutEvent }) => sum + withoutEvent, 0),
      };
    },
  );
  app.get(
    '/v1/creator/timeline',
    {
      onRequest,
      schema: {
        tags,
        summary: 'How many of my photos were uploaded when, newest first',
        security,
        querystring: ownQuery,
        response: { 200: timeline },
      },
    },
    async (request) => {
      const creatorId = identityOf(request).accountId;
      return timelineOf(await listOwnBoundaries(ctx.db, { creatorId, ...request.query }));
    },
  );
  app.get(
    '/v1/creator/columns',
    {
      onRequest,
      schema: {
        tags,
        summary: 'A segment of the timeline of my photos as arrays of one length, newest upload first',
        description: 'Without `segment`: the first sixty photos, with links to their thumbnails.',
        security,
        querystring: columnsQuery.extend(ownQuery.shape),
        response: {
          200: columns.extend({ states: z.array(z.enum(photoStates)), soldCounts: z.array(z.number().int()) }),
        },
      },
    },
    async (request) => {
      const { links, segment: text, ...filter } = request.query;
      const segment = readSegment(text);
      const { limit, withLinks } = extentOf(segment, links);
      const creatorId = identityOf(request).accountId;
      const rows = await listOwnColumns(ctx.db, { creatorId, ...filter }, { ...segment, limit });
      return {
        ...(await columnsOf(ctx, rows, { withLinks })),
        states: rows.map(({ state }) => state),
        soldCounts: rows.map(({ sold_count }) => sold_count),
      };
    },
  );
}
