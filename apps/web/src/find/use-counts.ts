import { useQuery } from '@tanstack/react-query';
import { answerOf, api } from '../api/api.ts';
import { useAccount } from '../api/use-session.ts';

/** What waits for the member: for the numbers at the icons. Zeros for visitors. What comes in keeps them right: see use-live-notices. */
export function useCounts(): { readonly unread: number; readonly cart: number; readonly questions: number } {
  const isMember = useAccount() !== undefined;
  const unread = useQuery({
    queryKey: ['notices', 'unread'],
    queryFn: async () =>
      (await answerOf(api.GET('/v1/me/notifications', { params: { query: { limit: 1 } } }))).unreadCount,
    enabled: isMember,
  });
  const counts = useQuery({
    queryKey: ['explore', 'counts'],
    queryFn: ({ signal }) => answerOf(api.GET('/v1/explore/counts', { signal })),
    enabled: isMember,
  });
  if (!isMember) return { unread: 0, cart: 0, questions: 0 };
  return { unread: unread.data ?? 0, cart: counts.data?.cart ?? 0, questions: counts.data?.questions ?? 0 };
}
