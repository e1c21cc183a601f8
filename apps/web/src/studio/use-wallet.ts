import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { type Answer, answerOf, api } from '../api/api.ts';

export type WalletEntry = Answer<'/v1/wallet/entries'>['items'][number];

export function useWallet() {
  return useQuery({
    queryKey: ['studio', 'wallet'],
    queryFn: ({ signal }) => answerOf(api.GET('/v1/wallet', { signal })),
  });
}

/** My sales, newest first, page by page. */
export function useWalletEntries(limit = 50) {
  return useInfiniteQuery({
    queryKey: ['studio', 'wallet', 'entries', limit],
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        api.GET('/v1/wallet/entries', {
          params: { query: { limit, ...(pageParam === '' ? {} : { cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
    select: ({ pages }) => pages.flatMap(({ items }) => items),
  });
}
