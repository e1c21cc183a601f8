import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { answerOf, api } from '../../api/api.ts';
import { useLanguage } from '../../i18n/messages.ts';
import { watchNotices } from '../notice-stream.ts';

/** My notices, the newest first; new ones come by themselves. The API writes them in the language of now. */
export function useNotices() {
  const language = useLanguage();
  useEffect(() => watchNotices(() => {}), []);
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
