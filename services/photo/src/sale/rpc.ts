import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { ConnectRouter } from '@connectrpc/connect';
import { SaleService } from '@kilas/contracts/gen/kilas/photo/v1/sale_service_pb.js';
import { refuse } from '@kilas/messages/refuse.ts';
import { registerRpc } from '@kilas/platform/rpc-server.ts';
import type { PhotoContext } from '../context.ts';
import { signPreviews } from '../photos/photo.ts';
import { linkOriginal } from './link-original.ts';
import { quotePhotos } from './quote-photos.ts';
import { listDescriptions } from './sale-store.ts';

/** Photos described in one call at most. */
const describedMax = 500;

export function registerSaleRpc(router: ConnectRouter, ctx: PhotoContext): void {
  registerRpc(
    router,
    SaleService,
    { quotePhotos: ['transaction'], describePhotos: ['transaction'], linkOriginal: ['transaction'] },
    {
      async quotePhotos({ buyerId, photoIds, shareToken }) {
        return { quotes: await quotePhotos(ctx, { buyerId, photoIds, shareToken: shareToken ?? null }) };
      },
      async describePhotos({ photoIds }) {
        if (photoIds.length > describedMax) refuse('REQUEST_INVALID');
        const rows = await listDescriptions(ctx.db, [...new Set(photoIds)]);
        const photos = rows.map(async (row) => ({
          photoId: row.photo_id,
          title: row.title,
          creatorId: row.creator_id,
          creatorName: row.display_name ?? '',
          thumbnailUrl:
            (await signPreviews(ctx, { preview_key: null, thumbnail_key: row.thumbnail_key })).thumbnailUrl ?? '',
        }));
        return { photos: await Promise.all(photos) };
      },
      async linkOriginal({ photoId }) {
        const { expiresAt, ...link } = await linkOriginal(ctx, photoId);
        return { ...link, expiresAt: timestampFromDate(expiresAt) };
      },
    },
  );
}
