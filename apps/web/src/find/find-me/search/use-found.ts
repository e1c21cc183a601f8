import { useInfiniteQuery } from '@tanstack/react-query';
import { type Answer, answerOf, api } from '../../../api/api.ts';

export type FoundPhoto = Answer<'/v1/explore', 'get'>['items'][number];

const perPage = 60;
/** Notices bring new matches at once; this is for a stream that is away. */
const askAgainMs = 4_000;

/** The photos in which I was found, of one event or of all, while the search goes on and after it. */
export function useFound(eventId: string | undefined, isSearching: boolean) {
  return useInfiniteQuery({
    queryKey: ['explore', 'found', eventId ?? null],
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        api.GET('/v1/explore', {
          params: {
            query: {
              limit: perPage,
              ...(eventId === undefined ? {} : { eventId }),
              ...(pageParam === undefined ? {} : { cursor: pageParam }),
            },
          },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    refetchInterval: isSearching ? askAgainMs : false,
  });
}
