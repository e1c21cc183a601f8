import { ConnectError, createClient } from '@connectrpc/connect';
import { SaleService } from '@kilas/contracts/gen/kilas/photo/v1/sale_service_pb.js';
import type { TransactionContext } from '../context.ts';

/** How photo shows a photo now. */
export interface Appearance {
  readonly title: string;
  readonly creatorName: string;
  readonly thumbnailUrl: string;
}

/** By photo; nothing while photo is away. The caller knows that the buyer has these photos, or is paying for them. */
export async function describePhotos(
  ctx: TransactionContext,
  photoIds: readonly string[],
): Promise<Map<string, Appearance>> {
  if (photoIds.length === 0) return new Map();
  try {
    const { photos } = await createClient(SaleService, ctx.peers('photo')).describePhotos({ photoIds: [...photoIds] });
    return new Map(
      photos.map(({ photoId, title, creatorName, thumbnailUrl }) => [photoId, { title, creatorName, thumbnailUrl }]),
    );
  } catch (error) {
    if (!(error instanceof ConnectError)) throw error;
    ctx.log.warn({ err: error }, 'bought photos are shown without their pictures');
    return new Map();
  }
}
