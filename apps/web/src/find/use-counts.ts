import { useQuery } from '@tanstack/react-query';
import { answerOf, api } from '../api/api.ts';
import { useAccount } from '../api/use-session.ts';

/** What waits for the member: for the numbers at the icons. Zeros for visitors. */
export function useCounts(): { readonly unread: number; readonly cart: number; readonly questions: number } {
  const isMember = useAccount() !== undefined;
  const unread = useQuery({
    queryKey: ['notices', 'unread'],
    queryFn: async () =>
      (await answerOf(api.GET('/v1/me/notifications', { params: { query: { limit: 1 } } }))).unreadCount,
    enabled: isMember,
  });
  return { unread: unread.data ?? 0, cart: 0, questions: 0 };
}
