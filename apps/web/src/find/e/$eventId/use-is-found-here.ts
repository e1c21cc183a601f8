import { useQuery } from '@tanstack/react-query';
import { answerOf, api } from '../../../api/api.ts';
import { useAccount } from '../../../api/use-session.ts';

/** Whether I was found in a photo of an event. False for visitors, and until it is known. */
export function useIsFoundHere(eventId: string): boolean {
  const isMember = useAccount() !== undefined;
  const { data } = useQuery({
    queryKey: ['explore', 'here', eventId],
    queryFn: async ({ signal }) =>
      (await answerOf(api.GET('/v1/explore', { params: { query: { eventId, limit: 1 } }, signal }))).items.length > 0,
    enabled: isMember,
  });
  return isMember && data === true;
}
