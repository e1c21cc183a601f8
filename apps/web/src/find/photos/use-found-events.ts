import { useQuery } from '@tanstack/react-query';
import { answerOf, api } from '../../api/api.ts';

const eventsMax = 100;

/** The events in which I was found, the latest first. */
export function useFoundEvents() {
  return useQuery({
    queryKey: ['explore', 'events'],
    queryFn: ({ signal }) =>
      answerOf(api.GET('/v1/explore/events', { params: { query: { limit: eventsMax } }, signal })),
  });
}
