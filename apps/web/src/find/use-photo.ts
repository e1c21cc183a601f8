import { queryOptions, useQuery } from '@tanstack/react-query';
import { answerOf, api } from '../api/api.ts';
import { heldPhoto } from './photo-cache.ts';

export const photoQuery = (photoId: string, share: string | undefined) =>
  queryOptions({
    queryKey: ['photo', photoId, share],
    queryFn: ({ signal }) => {
      const params = { path: { photoId }, query: share === undefined ? {} : { share } };
      return answerOf(api.GET('/v1/photos/{photoId}', { params, signal }));
    },
    // What the list showed of it, until it has come.
    placeholderData: () => heldPhoto(photoId),
  });

/** One photo; undefined where no id is given. */
export function usePhoto(photoId: string | undefined, share: string | undefined) {
  return useQuery({ ...photoQuery(photoId ?? '', share), enabled: photoId !== undefined });
}
