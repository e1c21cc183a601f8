import { useEffect } from 'react';
import { useList } from '../use-list.ts';

/** As many as the API gives at once: a cart is two pages at most. */
const pageSize = 100;

/** All photos of my cart. */
export function useCart() {
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useList('cart', pageSize);
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && error === null) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, error, fetchNextPage]);
  const isWhole = data !== undefined && !hasNextPage;
  return { photos: isWhole ? data.pages.flatMap(({ items }) => items) : undefined, error, refetch };
}
