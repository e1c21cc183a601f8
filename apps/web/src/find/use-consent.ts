import { useQuery } from '@tanstack/react-query';
import { answerOf, api } from '../api/api.ts';

/** My consent to face recognition, and the text of it. */
export function useConsent() {
  return useQuery({ queryKey: ['consent'], queryFn: () => answerOf(api.GET('/v1/me/consent')) });
}
