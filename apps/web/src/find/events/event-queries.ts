import { queryOptions } from '@tanstack/react-query';
import { type Answer, answerOf, api } from '../../api/api.ts';

export type EventView = Answer<'/v1/events/{eventId}', 'get'>;

/** An event, and the secret of its link where somebody holds it. */
export interface EventKey {
  readonly eventId: string;
  readonly share: string | undefined;
}

const gridFreshMs = 60_000;

const paramsOf = ({ eventId, share }: EventKey) => ({
  path: { eventId },
  query: share === undefined ? {} : { share },
});

export const eventQuery = (key: EventKey) =>
  queryOptions({
    queryKey: ['event', key],
    queryFn: ({ signal }) => answerOf(api.GET('/v1/events/{eventId}', { params: paramsOf(key), signal })),
  });

/** The photos of the first screen, with links: asked beside the event, so that nothing waits for it. */
export const firstPhotosQuery = (key: EventKey) =>
  queryOptions({
    queryKey: ['event-photos', key],
    // A grid under the finger is not rebuilt: what came meanwhile shows when the page is opened anew.
    staleTime: gridFreshMs,
    refetchOnWindowFocus: false,
    queryFn: ({ signal }) => answerOf(api.GET('/v1/events/{eventId}/columns', { params: paramsOf(key), signal })),
  });

export const timelineQuery = (key: EventKey) =>
  queryOptions({
    queryKey: ['event-timeline', key],
    staleTime: gridFreshMs,
    refetchOnWindowFocus: false,
    queryFn: ({ signal }) => answerOf(api.GET('/v1/events/{eventId}/timeline', { params: paramsOf(key), signal })),
  });
