import { useQuery } from '@tanstack/react-query';
import { type Answer, answerOf, api } from '../api/api.ts';

export type Consent = Answer<'/v1/me/consent', 'get'>;

/** My consent to face recognition, and the text that is to be read. */
export function useConsent(isEnabled = true) {
  return useQuery({
    queryKey: ['consent'],
    queryFn: ({ signal }) => answerOf(api.GET('/v1/me/consent', { signal })),
    enabled: isEnabled,
  });
}
