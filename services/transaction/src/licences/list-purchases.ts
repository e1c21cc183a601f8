import type { TransactionContext } from '../context.ts';
import { type Appearance, describePhotos } from './describe-photos.ts';
import { listPurchasesByBuyer, type Purchase } from './licence-store.ts';

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
