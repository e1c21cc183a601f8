import { timestampDate } from '@bufbuild/protobuf/wkt';
import { createClient } from '@connectrpc/connect';
import { SaleService } from '@kilas/contracts/gen/kilas/photo/v1/sale_service_pb.js';
import { refuse } from '@kilas/messages/refuse.ts';
import type { TransactionContext } from '../context.ts';
import { isLicensed } from './licence-store.ts';

/** A link of minutes to the original, for who holds a licence. */
export async function linkPurchase(ctx: TransactionContext, input: { buyerId: string; photoId: string }) {
  const { buyerId, photoId } = input;
  if (!(await isLicensed(ctx.db, photoId, buyerId))) refuse('PURCHASE_NOT_FOUND');
  const link = await createClient(SaleService, ctx.peers('photo')).linkOriginal({ photoId });
  if (link.expiresAt === undefined) throw new Error(`photo linked ${photoId} without an end`);
  const { url, fileName, sha256, sizeBytes } = link;
  return { url, fileName, sha256, sizeBytes, expiresAt: timestampDate(link.expiresAt) };
}
