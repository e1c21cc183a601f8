import { useQuery } from '@tanstack/react-query';
import { type Answer, answerOf, api } from '../api/api.ts';

export type OwnPhoto = Answer<'/v1/creator/photos/{photoId}'>;

/** One of my photos; asked for again and again while it is being prepared. */
export function useOwnPhoto(photoId: string) {
  return useQuery({
    queryKey: ['studio', 'photo', photoId],
    queryFn: ({ signal }) =>
      answerOf(api.GET('/v1/creator/photos/{photoId}', { params: { path: { photoId } }, signal })),
    refetchInterval: ({ state: { data } }) =>
      data?.status === 'raw' || (data?.status === 'on_sale' && data.recognition === 'pending') ? 3_000 : false,
  });
}
