import { useQuery } from '@tanstack/react-query';
import { answerOf, api } from '../api/api.ts';

const askedMax = 200;

/** Links to the thumbnails of photos, as far as I may see them. */
export function useThumbnails(photoIds: readonly string[], share?: string): ReadonlyMap<string, string | null> {
  const { data } = useQuery({
    queryKey: ['thumbnails', photoIds, share],
    queryFn: () => readLinks(photoIds, share),
    enabled: photoIds.length > 0,
    staleTime: 600_000,
  });
  return data ?? new Map();
}

async function readLinks(photoIds: readonly string[], share: string | undefined) {
  const body = { photoIds: photoIds.slice(0, askedMax), ...(share === undefined ? {} : { share }) };
  const { items } = await answerOf(api.POST('/v1/photos/links', { body }));
  return new Map(items.map(({ photoId, thumbnailSmallUrl }) => [photoId, thumbnailSmallUrl]));
}
