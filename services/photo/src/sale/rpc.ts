import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { ConnectRouter } from '@connectrpc/connect';
import { SaleService } from '@kilas/contracts/gen/kilas/photo/v1/sale_service_pb.js';
import { readMessage } from '@kilas/messages/read-message.ts';
import { registerRpc } from '@kilas/platform/rpc/rpc-server.ts';
import { z } from 'zod';
import type { PhotoContext } from '../context.ts';
import { signThumbnails } from '../viewers/sign-previews.ts';
import { holdPhotos } from './hold-photos.ts';
import { linkOriginal } from './link-original.ts';
import { originalFileOf } from './original-file.ts';
import { quotePhotos } from './quote-photos.ts';
import { listDescriptions, listOriginals } from './sale-store.ts';

/** Photos in one call at most. */
const photoCountMax = 500;

const photoIdList = z.array(z.guid()).max(photoCountMax);
/** As many as an archive holds. */
const namedPhotoIds = z.array(z.guid()).max(2000);

const basket = z.object({
  buyerId: z.guid(),
  photoIds: photoIdList,
  shareToken: z.string().max(100).optional(),
  matchLevel: z.int().min(0).max(9),
});

const order = z.object({ orderId: z.guid(), photoIds: photoIdList });

export function registerSaleRpc(router: ConnectRouter, ctx: PhotoContext): void {
  registerRpc(
    router,
    SaleService,
    {
      quotePhotos: ['transaction'],
      holdPhotos: ['transaction'],
      describePhotos: ['transaction'],
      nameOriginals: ['transaction'],
      linkOriginal: ['transaction'],
    },
    {
      async quotePhotos(request) {
        return { quotes: await quotePhotos(ctx, readMessage(basket, request)) };
      },
      async holdPhotos(request) {
        return { missingPhotoIds: [...(await holdPhotos(ctx, readMessage(order, request)))] };
      },
      async describePhotos(request) {
        const photoIds = readMessage(photoIdList, request.photoIds);
        const rows = await listDescriptions(ctx.db, [...new Set(photoIds)]);
        const photos = rows.map(async (row) => ({
          photoId: row.photo_id,
          title: row.title,
          creatorId: row.creator_id,
          creatorName: row.display_name ?? '',
          thumbnailUrl: (await signThumbnails(ctx, row)).thumbnailUrl ?? '',
        }));
        return { photos: await Promise.all(photos) };
      },
      async nameOriginals(request) {
        const photoIds = readMessage(namedPhotoIds, request.photoIds);
        const rows = await listOriginals(ctx.db, [...new Set(photoIds)]);
        const originals = rows.map((row) => ({
          photoId: row.photo_id,
          fileName: originalFileOf(row).fileName,
          capturedAt: timestampFromDate(row.captured_at),
        }));
        return { originals };
      },
      async linkOriginal(request) {
        const { expiresAt, ...link } = await linkOriginal(ctx, readMessage(z.guid(), request.photoId));
        return { ...link, expiresAt: timestampFromDate(expiresAt) };
      },
    },
  );
}
