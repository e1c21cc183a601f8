import type { InfiniteData, QueryKey } from '@tanstack/react-query';
import { queryClient } from '../api/query-client.ts';
import { errorTextOf } from '../ui/error-text.ts';
import { showToast } from '../ui/toast-store.ts';
import type { Photo } from './photo.ts';

/** A list of photos, page after page, as queries hold it. */
export type PhotoPages = InfiniteData<{ items: Photo[]; nextCursor: string | null }>;

/** What holds photos: lists under these keys, and single photos under `photo`. */
const listRoots = [
  ['explore', 'photos'],
  ['explore', 'found'],
  ['explore', 'questions'],
  ['explore', 'rejected'],
  ['lists'],
] as const;

/** A photo as it is from now on in what a query of this key holds. */
export type Change = (photo: Photo, key: QueryKey) => Photo | undefined;

/**
 * Changes a photo wherever it is held, at once, and asks the API for it; undefined takes it out of a list. When the API refuses, everything
 * is put back and the person hears why. Answers whether it was done.
 */
export async function changeAtOnce(photoId: string, change: Change, ask: () => Promise<unknown>): Promise<boolean> {
  const putBack = await changePhoto(photoId, change);
  try {
    await ask();
    return true;
  } catch (error) {
    putBack();
    showToast({ text: errorTextOf(error) });
    return false;
  }
}

/** Answers what puts everything back. */
async function changePhoto(photoId: string, change: Change): Promise<() => void> {
  const roots: readonly QueryKey[] = [...listRoots, ['photo', photoId]];
  await Promise.all(roots.map((queryKey) => queryClient.cancelQueries({ queryKey })));
  const before: [QueryKey, unknown][] = [];
  for (const queryKey of listRoots) {
    for (const [key, pages] of queryClient.getQueriesData<PhotoPages>({ queryKey })) {
      if (pages === undefined) continue;
      before.push([key, pages]);
      queryClient.setQueryData(
        key,
        changePages(pages, photoId, (photo) => change(photo, key)),
      );
    }
  }
  for (const [key, photo] of queryClient.getQueriesData<Photo>({ queryKey: ['photo', photoId] })) {
    if (photo === undefined) continue;
    before.push([key, photo]);
    queryClient.setQueryData(key, change(photo, key) ?? photo);
  }
  return () => {
    for (const [key, data] of before) queryClient.setQueryData(key, data);
  };
}

/** The same pages with one photo changed, or without it. */
export function changePages(
  pages: PhotoPages,
  photoId: string,
  change: (photo: Photo) => Photo | undefined,
): PhotoPages {
  return {
    ...pages,
    pages: pages.pages.map((page) => ({
      ...page,
      items: page.items.flatMap((photo) => (photo.photoId === photoId ? (change(photo) ?? []) : photo)),
    })),
  };
}

/** What a list or a page showed of a photo, for its own page to begin with. */
export function heldPhoto(photoId: string): Photo | undefined {
  for (const queryKey of listRoots) {
    for (const [, pages] of queryClient.getQueriesData<PhotoPages>({ queryKey })) {
      const held = pages?.pages.flatMap(({ items }) => items).find((photo) => photo.photoId === photoId);
      if (held !== undefined) return held;
    }
  }
  return undefined;
}
