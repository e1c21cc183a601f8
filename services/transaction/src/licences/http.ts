import type { Auth } from '@kilas/identity/auth.ts';
import { identityOf } from '@kilas/identity/identity.ts';
import { shownNumber } from '@kilas/platform/db/stored-time.ts';
import type { HttpApp } from '@kilas/platform/http/http-app.ts';
import { decodeCursor, pageOf, pageQuery } from '@kilas/platform/http/page.ts';
import { z } from 'zod';
import type { TransactionContext } from '../context.ts';
import { archivePhotosMax, archivePurchases } from './archive-purchases.ts';
import { linkPurchase } from './link-purchase.ts';
import { listPurchases, type ShownPurchase } from './list-purchases.ts';

const security = [{ bearer: [] }];
const tags = ['purchases'];

const purchase = z.object({
  photoId: z.guid(),
  orderId: z.guid(),
  creatorId: z.guid(),
  creatorName: z.string().optional(),
  title: z.string(),
  sale: z.enum(['shared', 'exclusive']),
  priceIdr: z.int(),
  purchasedAt: z.iso.datetime(),
  thumbnailUrl: z.string().optional().describe('Absent while pictures cannot be shown'),
});

export function registerPurchases(app: HttpApp, ctx: TransactionContext, auth: Auth): void {
  app.get(
    '/v1/purchases',
    {
      onRequest: auth.required,
      schema: {
        tags,
        security,
        summary: 'Photos I bought, newest first',
        querystring: pageQuery,
        response: { 200: z.object({ items: z.array(purchase), nextCursor: z.string().nullable() }) },
      },
    },
    async (request) => {
      const { cursor, limit } = request.query;
      const [before] = decodeCursor(cursor, z.tuple([z.guid()])) ?? [];
      const buyerId = identityOf(request).accountId;
      const rows = await listPurchases(ctx, { buyerId, before, limit: limit + 1 });
      const { items, nextCursor } = pageOf(rows, limit, ({ licenceId }) => [licenceId]);
      return { items: items.map(toJson), nextCursor };
    },
  );

  app.get(
    '/v1/purchases/:photoId/download',
    {
      onRequest: auth.required,
      schema: {
        tags,
        security,
        summary: 'A link of minutes to the original of a photo I bought',
        params: z.object({ photoId: z.guid().toLowerCase() }),
        response: {
          200: z.object({
            url: z.string(),
            expiresAt: z.iso.datetime(),
            fileName: z.string(),
            sha256: z.string(),
            sizeBytes: z.int(),
          }),
        },
      },
    },
    async (request, reply) => {
      const { photoId } = request.params;
      const link = await linkPurchase(ctx, { buyerId: identityOf(request).accountId, photoId });
      reply.header('cache-control', 'no-store');
      return { ...link, expiresAt: link.expiresAt.toISOString(), sizeBytes: shownNumber(link.sizeBytes) };
    },
  );

  app.post(
    '/v1/purchases/archives',
    {
      onRequest: auth.required,
      schema: {
        tags,
        security,
        summary: `A link of minutes to one ZIP of up to ${archivePhotosMax} photos I bought, as they were uploaded`,
        description:
          'Of the photos named, of those of one order, or of all that I bought. `ARCHIVE_NOT_READY` (503) says that checksums are being counted: ask again, and it goes on. The link takes ranges; the same photos are the same bytes at every link, so that a download which broke off goes on at a new one.',
        body: z
          .strictObject({
            photoIds: z.array(z.guid().toLowerCase()).min(1).max(archivePhotosMax).optional(),
            orderId: z.guid().toLowerCase().optional(),
          })
          .refine(({ photoIds, orderId }) => photoIds === undefined || orderId === undefined, {
            error: 'FIELD_INSTEAD',
            params: { other: 'photoIds' },
            path: ['orderId'],
          }),
        response: {
          201: z.object({
            url: z.string(),
            fileName: z.string(),
            photoCount: z.int(),
            sizeBytes: z.int(),
            expiresAt: z.iso.datetime(),
          }),
        },
      },
    },
    async (request, reply) => {
      const buyerId = identityOf(request).accountId;
      const archive = await archivePurchases(ctx, { buyerId, ...request.body });
      return reply.status(201).send({
        ...archive,
        sizeBytes: shownNumber(archive.sizeBytes),
        expiresAt: archive.expiresAt.toISOString(),
      });
    },
  );
}

function toJson({ photoId, orderId, creatorId, sale, priceIdr, purchasedAt, title, appearance }: ShownPurchase) {
  return {
    photoId,
    orderId,
    creatorId,
    sale,
    title,
    priceIdr: shownNumber(priceIdr),
    purchasedAt: purchasedAt.toISOString(),
    // What photo says now; the order's title otherwise.
    ...appearance,
  };
}
