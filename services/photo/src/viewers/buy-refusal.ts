import type { Selectable } from 'kysely';
import type { PhotoRow } from '../db/schema.ts';

/** Why a photo cannot be bought by anyone now; undefined when it can. */
export function saleRefusal(
  photo: Pick<Selectable<PhotoRow>, 'status' | 'is_hidden' | 'is_sold_out'>,
): 'PHOTO_NOT_ON_SALE' | 'PHOTO_SOLD' | undefined {
  if (photo.status !== 'on_sale' || photo.is_hidden) return 'PHOTO_NOT_ON_SALE';
  return photo.is_sold_out ? 'PHOTO_SOLD' : undefined;
}

/** The viewer by an open order, another one by theirs; or the viewer waits, who held it too long without paying. */
export type Holder = 'viewer' | 'other' | 'wait';

const refusalByHolder = {
  viewer: 'ORDER_OPEN_FOR_PHOTO',
  other: 'PHOTO_RESERVED',
  wait: 'PHOTO_HELD_UNPAID',
} as const satisfies Record<Holder, BuyRefusal>;

/** What keeps a viewer from buying a photo. */
export type BuyRefusal =
  | ReturnType<typeof saleRefusal>
  | 'PHOTO_OWN'
  | 'PHOTO_ALREADY_LICENSED'
  | 'ORDER_OPEN_FOR_PHOTO'
  | 'PHOTO_RESERVED'
  | 'PHOTO_HELD_UNPAID'
  | 'PHOTO_NOT_FOUND';

/**
 * Why a viewer cannot buy a photo now; undefined when they can. Every list and the cart ask here. Of orders it says what transaction told
 * last, a moment ago; at the checkout transaction itself decides.
 */
export function buyRefusal(
  photo: Parameters<typeof saleRefusal>[0] & {
    readonly creator_id: string;
    readonly is_bought: boolean;
    readonly holder: Holder | null;
    /** False where a list names what its viewer may not look at by itself; absent where all in the list may be looked at. */
    readonly may_look?: boolean;
  },
  viewerId: string | null,
): BuyRefusal {
  if (photo.creator_id === viewerId) return 'PHOTO_OWN';
  if (photo.is_bought) return 'PHOTO_ALREADY_LICENSED';
  if (photo.may_look === false) return 'PHOTO_NOT_FOUND';
  const refusal = saleRefusal(photo);
  if (refusal !== undefined || photo.holder === null) return refusal;
  return refusalByHolder[photo.holder];
}
