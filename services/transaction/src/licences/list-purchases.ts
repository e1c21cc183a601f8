import { ConnectError, createClient } from '@connectrpc/connect';
import { SaleService } from '@kilas/contracts/gen/kilas/photo/v1/sale_service_pb.js';
import type { TransactionContext } from '../context.ts';
import { listPurchasesByBuyer, type Purchase } from './licence-store.ts';

/** How photo shows a photo now. */
export interface Appearance {
  readonly title: string;
  readonly creatorName: string;
  readonly thumbnailUrl: string;
}

export type ShownPurchase = Purchase & { readonly appearance: Appearance | undefined };

/** What a member bought, newest first. While photo is away the list is there without thumbnails, with the titles of the orders. */
export async function listPurchases(
  ctx: TransactionContext,
  input: { buyerId: string; before: string | undefined; limit: number },
): Promise<ShownPurchase[]> {
  const purchases = await listPurchasesByBuyer(ctx.db, input.buyerId, input.before, input.limit);
  const appearances = await describePhotos(
    ctx,
    purchases.map(({ photoId }) => photoId),
  );
  return purchases.map((purchase) => ({ ...purchase, appearance: appearances.get(purchase.photoId) }));
}

async function describePhotos(ctx: TransactionContext, photoIds: string[]): Promise<Map<string, Appearance>> {
  if (photoIds.length === 0) return new Map();
  try {
    const { photos } = await createClient(SaleService, ctx.peers('photo')).describePhotos({ photoIds });
    return new Map(
      photos.map(({ photoId, title, creatorName, thumbnailUrl }) => [photoId, { title, creatorName, thumbnailUrl }]),
    );
  } catch (error) {
    if (!(error instanceof ConnectError)) throw error;
    ctx.log.warn({ err: error }, 'purchases are shown without their pictures');
    return new Map();
  }
}
