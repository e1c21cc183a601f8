import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { answerOf, api } from '../../../api/api.ts';
import type { Columns, GridSource, Links } from '../../../gallery/columns.ts';
import { type EventKey, firstPhotosQuery, timelineQuery } from '../../events/event-queries.ts';

/** The photos of an event for the grid: the first screen as soon as it came, the rest by its timeline. */
export function useEventPhotos({ eventId, share }: EventKey) {
  const first = useQuery(firstPhotosQuery({ eventId, share }));
  const timeline = useQuery(timelineQuery({ eventId, share }));
  const source = useMemo((): GridSource | undefined => {
    if (first.data === undefined) return undefined;
    const query = share === undefined ? {} : { share };
    return {
      total: timeline.data?.total ?? first.data.photoIds.length,
      segments: timeline.data?.segments ?? [],
      first: first.data,
      loadSegment: (segment, signal): Promise<Columns> =>
        answerOf(
          api.GET('/v1/events/{eventId}/columns', {
            params: { path: { eventId }, query: { ...query, segment } },
            signal,
          }),
        ),
      loadLinks: async (photoIds, signal) => {
        const body = { photoIds: [...photoIds], ...query };
        const { items } = await answerOf(api.POST('/v1/photos/links', { body, signal }));
        return new Map<string, Links>(items.map((links) => [links.photoId, links]));
      },
    };
  }, [eventId, share, first.data, timeline.data]);
  return { source, first };
}
