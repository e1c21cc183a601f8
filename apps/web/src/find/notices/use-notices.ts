import { useInfiniteQuery } from '@tanstack/react-query';
import { answerOf, api } from '../../api/api.ts';
import { useLanguage } from '../../i18n/messages.ts';

/** My notices, the newest first; new ones come by themselves, see use-live-notices. The API writes them in the language of now. */
export function useNotices() {
  const language = useLanguage();
  return useInfiniteQuery({
    queryKey: ['notices', 'all', language],
    queryFn: ({ pageParam, signal }) => {
      const query = pageParam === '' ? {} : { cursor: pageParam };
      return answerOf(api.GET('/v1/me/notifications', { params: { query }, signal }));
    },
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
}
