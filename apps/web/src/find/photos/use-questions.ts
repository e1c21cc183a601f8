import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { answerOf, api } from '../../api/api.ts';

const pageSize = 24;
/** So many are kept ready. */
const leastAhead = 6;

/** The photos about which I am asked whether it is me. */
export function useQuestions() {
  const query = useInfiniteQuery({
    queryKey: ['explore', 'questions'],
    queryFn: ({ pageParam, signal }) => {
      const page = { limit: pageSize, ...(pageParam === '' ? {} : { cursor: pageParam }) };
      return answerOf(api.GET('/v1/explore/questions', { params: { query: page }, signal }));
    },
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
  const { data, hasNextPage, isFetching, error, fetchNextPage } = query;
  const photos = data?.pages.flatMap(({ items }) => items) ?? [];
  const isShort = photos.length < leastAhead && hasNextPage && !isFetching && error === null;
  useEffect(() => {
    if (isShort) void fetchNextPage();
  }, [isShort, fetchNextPage]);
  return { photos, hasMore: hasNextPage };
}
