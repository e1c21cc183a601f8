import { useInfiniteQuery } from '@tanstack/react-query';
import { type Answer, answerOf, api } from '../../api/api.ts';

export type EventItem = Answer<'/v1/events', 'get'>['items'][number];

const perPage = 24;

/** Public events, those that ended last first, page by page. */
export function usePublicEvents() {
  return useInfiniteQuery({
    queryKey: ['events', 'public'],
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        api.GET('/v1/events', {
          params: { query: { limit: perPage, ...(pageParam === undefined ? {} : { cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
}
