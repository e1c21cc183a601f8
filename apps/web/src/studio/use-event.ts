import { useQuery } from '@tanstack/react-query';
import { type Answer, answerOf, api } from '../api/api.ts';

export type EventView = Answer<'/v1/events/{eventId}'>;

export function useEvent(eventId: string) {
  return useQuery({
    queryKey: ['studio', 'events', eventId],
    queryFn: ({ signal }) => answerOf(api.GET('/v1/events/{eventId}', { params: { path: { eventId } }, signal })),
    enabled: eventId !== 'none',
  });
}
