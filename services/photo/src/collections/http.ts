import type { Auth } from '@kilas/identity/auth.ts';
import { identityOf } from '@kilas/identity/identity.ts';
import { exactTime, exactTimeText } from '@kilas/platform/db/stored-time.ts';
import type { HttpApp } from '@kilas/platform/http/http-app.ts';
import { decodeCursor, pageOf, pageQuery } from '@kilas/platform/http/page.ts';
import { z } from 'zod';
import type { PhotoContext } from '../context.ts';
import { photoView, viewOfPhoto } from '../viewers/photo-view.ts';
import { shareQuery, viewerOf } from '../viewers/viewer.ts';
import { addToCollection } from './add-to-collection.ts';
import { collectionKinds, deleteFromCollection, listCollection } from './collection-store.ts';

const security = [{ bearer: [] }];
const photoParams = z.object({ photoId: z.guid() });
const addedPosition = z.tuple([exactTimeText, z.guid()]).transform(([addedAt, photoId]) => ({ addedAt, photoId }));

/** `/v1/cart`, `/v1/wishlist` and `/v1/favourites`: lists of their own, which no level filters. */
export function registerCollectionHttp(app: HttpApp, ctx: PhotoContext, auth: Auth): void {
  for (const kind of collectionKinds) {
    const tags = [kind];
    app.get(
      `/v1/${kind}`,
      {
        onRequest: auth.required,
        schema: {
          tags,
          summary: `My ${kind}, last added first`,
          security,
          querystring: pageQuery,
          response: { 200: z.object({ items: z.array(photoView), nextCursor: z.string().nullable() }) },
        },
      },
      async (request) => {
        const { cursor, limit } = request.query;
        const identity = identityOf(request);
        const memberId = identity.accountId;
        const list = { memberId, kind, viewer: viewerOf(ctx, identity) };
        const before = decodeCursor(cursor, addedPosition);
        const rows = await listCollection(ctx.db, list, { before, limit: limit + 1 });
        const page = pageOf(rows, limit, (row) => [exactTime(row.added_at), row.photo_id]);
        return { ...page, items: await Promise.all(page.items.map((row) => viewOfPhoto(ctx, row, memberId))) };
      },
    );
    app.put(
      `/v1/${kind}/:photoId`,
      {
        onRequest: auth.required,
        schema: {
          tags,
          summary: `Put a photo into my ${kind}`,
          security,
          params: photoParams,
          querystring: z.strictObject({ share: shareQuery }),
          response: { 204: z.undefined() },
        },
      },
      async (request, reply) => {
        const { photoId } = request.params;
        const identity = identityOf(request);
        const viewer = viewerOf(ctx, identity, request.query.share);
        await addToCollection(ctx, { memberId: identity.accountId, kind, photoId, viewer });
        return reply.status(204).send();
      },
    );
    app.delete(
      `/v1/${kind}/:photoId`,
      {
        onRequest: auth.required,
        schema: {
          tags,
          summary: `Take a photo out of my ${kind}`,
          security,
          params: photoParams,
          response: { 204: z.undefined() },
        },
      },
      async (request, reply) => {
        const memberId = identityOf(request).accountId;
        await deleteFromCollection(ctx.db, { memberId, kind, photoIds: [request.params.photoId] });
        return reply.status(204).send();
      },
    );
  }
}
