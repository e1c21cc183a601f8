import { api } from '../api/api.ts';
import { queryClient } from '../api/query-client.ts';
import { currentLanguage } from '../i18n/language.ts';
import { showToast } from '../ui/toast-store.ts';
import type { ListKind, Photo } from './photo.ts';
import { type Change, changeAtOnce } from './photo-cache.ts';
import { photoTexts } from './photo-texts.ts';
import { notePrice } from './seen-prices.ts';

const flags = { cart: 'inCart', wishlist: 'inWishlist', favourites: 'inFavourites' } as const;

export function isKept(photo: Photo, kind: ListKind): boolean {
  return photo[flags[kind]] === true;
}

/** Puts a photo into a list of mine. Shown at once, and taken back when the API refuses. */
export async function keepPhoto(kind: ListKind, photo: Photo, share?: string): Promise<void> {
  const put = { params: { path: { photoId: photo.photoId }, query: share === undefined ? {} : { share } } };
  await set(kind, photo, true, () => {
    if (kind === 'cart') return api.PUT('/v1/cart/{photoId}', put);
    return kind === 'wishlist' ? api.PUT('/v1/wishlist/{photoId}', put) : api.PUT('/v1/favourites/{photoId}', put);
  });
  if (kind === 'cart') notePrice(photo.photoId, photo.priceIdr);
}

/** Takes a photo out of a list of mine; can be undone for ten seconds. */
export async function dropPhoto(kind: ListKind, photo: Photo, share?: string): Promise<void> {
  const path = { params: { path: { photoId: photo.photoId } } };
  const isDone = await set(kind, photo, false, () => {
    if (kind === 'cart') return api.DELETE('/v1/cart/{photoId}', path);
    return kind === 'wishlist'
      ? api.DELETE('/v1/wishlist/{photoId}', path)
      : api.DELETE('/v1/favourites/{photoId}', path);
  });
  if (!isDone) return;
  const texts = photoTexts[currentLanguage()];
  const onUndo = () => void keepPhoto(kind, photo, share);
  // Not everything that is in the cart could be put there again.
  showToast({ text: texts.takenOut[kind], ...(kind === 'cart' && !photo.buyable ? {} : { onUndo }) });
}

async function set(kind: ListKind, { photoId }: Photo, isIn: boolean, ask: () => Promise<unknown>): Promise<boolean> {
  const change: Change = (photo, [root, list]) =>
    root === 'lists' && list === kind && !isIn ? undefined : { ...photo, [flags[kind]]: isIn };
  try {
    return await changeAtOnce(photoId, change, ask);
  } finally {
    void queryClient.invalidateQueries({ queryKey: ['lists', kind] });
    void queryClient.invalidateQueries({ queryKey: ['explore', 'counts'] });
  }
}
