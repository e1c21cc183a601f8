import { useInfiniteQuery } from '@tanstack/react-query';
import { type Answer, answerOf, api } from '../api/api.ts';

export type MyEvent = Answer<'/v1/creator/events'>['items'][number];

/** Events in which I take part, those that start last first, page by page. */
export function useMyEvents() {
  return useInfiniteQuery({
    queryKey: ['studio', 'events'],
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        api.GET('/v1/creator/events', {
          params: { query: { limit: 50, ...(pageParam === '' ? {} : { cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
    select: ({ pages }) => pages.flatMap(({ items }) => items),
  });
}
