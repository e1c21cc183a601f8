import { Code, ConnectError, createClient } from '@connectrpc/connect';
import { SaleService } from '@kilas/contracts/gen/kilas/photo/v1/sale_service_pb.js';
import { ReservationEndedSchema } from '@kilas/contracts/gen/kilas/transaction/v1/events_pb.js';
import { transact } from '@kilas/platform/db/transact.ts';
import type { TransactionContext } from '../context.ts';

/**
 * Has photo keep photos from being deleted until it hears what became of the order; answers those that are not there. Whoever reserves photos asks
 * this first. Never called in a transaction.
 */
export async function holdPhotos(
  ctx: TransactionContext,
  orderId: string,
  photoIds: readonly string[],
): Promise<readonly string[]> {
  try {
    const held = await createClient(SaleService, ctx.peers('photo')).holdPhotos({ orderId, photoIds: [...photoIds] });
    return held.missingPhotoIds;
  } catch (error) {
    // A replica of the release before deletes nothing.
    if (error instanceof ConnectError && error.code === Code.Unimplemented) return [];
    throw error;
  }
}

/** Tells photo that an order for which it holds photos was not made. */
export async function letPhotosGo(
  ctx: TransactionContext,
  { orderId, buyerId }: { orderId: string; buyerId: string },
): Promise<void> {
  await transact(ctx.db, (tx) =>
    ctx.outbox.publish(tx, ReservationEndedSchema, orderId, { orderId, buyerId, waits: [] }),
  );
}
