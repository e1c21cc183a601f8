import { useInfiniteQuery } from '@tanstack/react-query';
import { answerOf, api } from '../../api/api.ts';

/** My orders, newest first. */
export function useOrders() {
  return useInfiniteQuery({
    queryKey: ['orders', 'all'],
    queryFn: ({ pageParam }) =>
      answerOf(api.GET('/v1/orders', { params: { query: pageParam === '' ? {} : { cursor: pageParam } } })),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
}
