import { useInfiniteQuery } from '@tanstack/react-query';
import { type Answer, answerOf, api } from '../../api/api.ts';

export type Purchase = Answer<'/v1/purchases'>['items'][number];

const pageSize = 60;

/** The photos that I bought, newest first. */
export function usePurchases() {
  return useInfiniteQuery({
    queryKey: ['purchases'],
    queryFn: ({ pageParam }) => {
      const query = { limit: pageSize, ...(pageParam === '' ? {} : { cursor: pageParam }) };
      return answerOf(api.GET('/v1/purchases', { params: { query } }));
    },
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
}
