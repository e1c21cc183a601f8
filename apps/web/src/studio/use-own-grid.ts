import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { answerOf, api } from '../api/api.ts';
import type { Columns, GridSource } from '../gallery/columns.ts';
import type { PhotoState } from './photo-states.ts';

export interface OwnFilter {
  /** `none`: of no event. */
  readonly eventId: string;
  readonly state?: PhotoState | undefined;
}

/** All my photos of an event, in any state, as a grid wants them. */
export function useOwnGrid({ eventId, state }: OwnFilter) {
  return useQuery({
    queryKey: ['studio', 'photos', eventId, state],
    queryFn: async ({ signal }): Promise<GridSource> => {
      const filter = { eventId, ...(state === undefined ? {} : { state }) };
      const [timeline, first] = await Promise.all([
        answerOf(api.GET('/v1/creator/timeline', { params: { query: filter }, signal })),
        answerOf(api.GET('/v1/creator/columns', { params: { query: filter }, signal })),
      ]);
      return {
        total: timeline.total,
        segments: timeline.segments,
        first,
        loadSegment: (segment, wanted): Promise<Columns> =>
          answerOf(api.GET('/v1/creator/columns', { params: { query: { ...filter, segment } }, signal: wanted })),
        loadLinks: async (photoIds, wanted) => {
          const body = { photoIds: [...photoIds] };
          const { items } = await answerOf(api.POST('/v1/photos/links', { body, signal: wanted }));
          return new Map(items.map((item) => [item.photoId, item]));
        },
      };
    },
    // The grid holds its place by the object: it changes when something was changed here.
    staleTime: Number.POSITIVE_INFINITY,
    structuralSharing: false,
    placeholderData: keepPreviousData,
  });
}
