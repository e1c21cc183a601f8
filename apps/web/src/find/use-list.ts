import { useInfiniteQuery } from '@tanstack/react-query';
import { answerOf, api } from '../api/api.ts';
import { useAccount } from '../api/use-session.ts';
import type { ListKind } from './photo.ts';

const pageSize = 60;

/** A list of mine, last added first, page after page. */
export function useList(kind: ListKind, limit = pageSize) {
  const isMember = useAccount() !== undefined;
  return useInfiniteQuery({
    queryKey: ['lists', kind],
    queryFn: ({ pageParam }) => readPage(kind, { limit, ...(pageParam === '' ? {} : { cursor: pageParam }) }),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
    enabled: isMember,
  });
}

function readPage(kind: ListKind, query: { limit: number; cursor?: string }) {
  const params = { params: { query } };
  if (kind === 'cart') return answerOf(api.GET('/v1/cart', params));
  return answerOf(kind === 'wishlist' ? api.GET('/v1/wishlist', params) : api.GET('/v1/favourites', params));
}
