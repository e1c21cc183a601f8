import { useInfiniteQuery } from '@tanstack/react-query';
import { answerOf, api } from '../../api/api.ts';
import { type PhotoFilters, queryOf } from './filters.ts';

const pageSize = 60;

/** The photos in which I was found, newest first, page after page. */
export function useMyPhotos(filters: PhotoFilters) {
  const filter = queryOf(filters);
  return useInfiniteQuery({
    queryKey: ['explore', 'photos', filter],
    queryFn: ({ pageParam, signal }) => {
      const query = { ...filter, limit: pageSize, ...(pageParam === '' ? {} : { cursor: pageParam }) };
      return answerOf(api.GET('/v1/explore', { params: { query }, signal }));
    },
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
}
