import { useQuery } from '@tanstack/react-query';
import { type Answer, answerOf, api } from '../api/api.ts';

export type MyCounts = Answer<'/v1/creator/counts'>;

/** How many photos I have, by state. */
export function useMyCounts() {
  return useQuery({
    queryKey: ['studio', 'counts'],
    queryFn: ({ signal }) => answerOf(api.GET('/v1/creator/counts', { signal })),
  });
}
