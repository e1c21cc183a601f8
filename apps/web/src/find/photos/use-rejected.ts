import { useInfiniteQuery } from '@tanstack/react-query';
import { answerOf, api } from '../../api/api.ts';

const pageSize = 60;

/** The photos that I said I am not in. */
export function useRejected() {
  return useInfiniteQuery({
    queryKey: ['explore', 'rejected'],
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: pageSize, ...(pageParam === '' ? {} : { cursor: pageParam }) };
      return answerOf(api.GET('/v1/explore/rejected', { params: { query }, signal }));
    },
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
}
