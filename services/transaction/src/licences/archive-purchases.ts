import { timestampDate } from '@bufbuild/protobuf/wkt';
import { createClient } from '@connectrpc/connect';
import { SaleService } from '@kilas/contracts/gen/kilas/photo/v1/sale_service_pb.js';
import { ArchiveService } from '@kilas/contracts/gen/kilas/upload/v1/archive_service_pb.js';
import { refuse } from '@kilas/messages/refuse.ts';
import { takeAttempt } from '@kilas/messages/take-attempt.ts';
import type { TransactionContext } from '../context.ts';
import { listLicensedPhotoIds } from './licence-store.ts';

/** Photos in one archive at most. */
export const archivePhotosMax = 2000;
/** upload may have to read originals whose checksums nobody has counted. */
const archiveTimeoutMs = 30_000;

/**
 * A link of minutes to one ZIP of bought originals: of the photos named, of those of one order, or of all. Refuses when the buyer has not
 * bought each photo that is named. Photos stand in it in the order in which they were bought.
 */
export async function archivePurchases(
  ctx: TransactionContext,
  input: { buyerId: string; photoIds?: string[] | undefined; orderId?: string | undefined },
) {
  const { buyerId, orderId } = input;
  await takeAttempt(ctx.limits.archivesByBuyer, buyerId);
  const named = input.photoIds && [...new Set(input.photoIds)];
  const photoIds = await listLicensedPhotoIds(ctx.db, buyerId, { photoIds: named, orderId }, archivePhotosMax + 1);
  if (named !== undefined && photoIds.length < named.length) refuse('PURCHASE_NOT_FOUND');
  if (photoIds.length === 0) refuse('NOTHING_PURCHASED');
  if (photoIds.length > archivePhotosMax) refuse('TOO_MANY_PURCHASES', { max: String(archivePhotosMax) });
  const { originals } = await createClient(SaleService, ctx.peers('photo')).nameOriginals({ photoIds });
  const found = new Map(originals.map((original) => [original.photoId, original]));
  const inOrder = photoIds.map((photoId) => found.get(photoId) ?? refuse('ARCHIVE_INCOMPLETE'));
  const fileName = orderId === undefined ? 'kilas-photos.zip' : `kilas-order-${orderId}.zip`;
  const archives = createClient(ArchiveService, ctx.peers('upload'));
  const made = await archives.createArchive(
    {
      fileName,
      originals: inOrder.map(({ photoId, fileName, capturedAt }) => ({
        photoId,
        fileName,
        ...(capturedAt && { capturedAt }),
      })),
    },
    { timeoutMs: archiveTimeoutMs },
  );
  if (made.expiresAt === undefined) throw new Error('upload made an archive without an end');
  const { url, sizeBytes, expiresAt } = made;
  return { url, fileName, photoCount: photoIds.length, sizeBytes, expiresAt: timestampDate(expiresAt) };
}
