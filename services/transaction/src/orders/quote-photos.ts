import { createClient } from '@connectrpc/connect';
import { SaleService } from '@kilas/contracts/gen/kilas/photo/v1/sale_service_pb.js';
import { problems, type Reason } from '@kilas/messages/problems.ts';
import type { TransactionContext } from '../context.ts';
import type { Sale } from '../licences/licence.ts';
import type { PhotoRefusal } from '../reservations/photo-refusal.ts';

export interface QuotedPhoto {
  readonly photoId: string;
  readonly creatorId: string;
  readonly title: string;
  readonly sale: Sale;
  readonly priceIdr: bigint;
}

/** Who buys, and the level by which they are shown photos that they appear in. */
export interface Buyer {
  readonly buyerId: string;
  readonly matchLevel: number;
}

/** What the catalogue says of a basket: a line for each photo that can be bought, a refusal for each that cannot. */
export interface Quote {
  readonly lines: readonly QuotedPhoto[];
  readonly refusals: readonly PhotoRefusal[];
}

/** Asks photo for prices, in the order of `photoIds`. Never called in a transaction. */
export async function quotePhotos(
  ctx: TransactionContext,
  { buyerId, matchLevel }: Buyer,
  photoIds: readonly string[],
  share: string | undefined,
): Promise<Quote> {
  const { quotes } = await createClient(SaleService, ctx.peers('photo')).quotePhotos({
    buyerId,
    matchLevel,
    photoIds: [...photoIds],
    ...(share === undefined ? {} : { shareToken: share }),
  });
  const byId = new Map(quotes.map((quote) => [quote.photoId, quote]));
  const lines: QuotedPhoto[] = [];
  const refusals: PhotoRefusal[] = [];
  for (const photoId of photoIds) {
    const quote = byId.get(photoId);
    if (quote === undefined) refusals.push({ photoId, reason: 'PHOTO_NOT_FOUND' });
    else if (quote.refusal !== '') refusals.push({ photoId, reason: reasonOf(quote.refusal) });
    else if (quote.creatorId === buyerId) refusals.push({ photoId, reason: 'PHOTO_OWN' });
    else {
      const { creatorId, title, priceIdr } = quote;
      lines.push({ photoId, creatorId, title, priceIdr, sale: saleOf(quote.sale) });
    }
  }
  return { lines, refusals };
}

function reasonOf(text: string): Reason {
  return isReason(text) ? text : 'PHOTO_NOT_ON_SALE';
}

function isReason(text: string): text is Reason {
  return Object.hasOwn(problems, text);
}

function saleOf(text: string): Sale {
  if (text === 'shared' || text === 'exclusive') return text;
  throw new Error(`photo quoted the unknown sale "${text}"`);
}
