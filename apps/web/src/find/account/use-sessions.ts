import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type Answer, answerOf, api } from '../../api/api.ts';
import { currentLanguage } from '../../i18n/language.ts';
import { errorTextOf } from '../../ui/error-text.ts';
import { showToast } from '../../ui/toast-store.ts';
import { accountTexts } from './texts.ts';

export type Session = Answer<'/v1/me/sessions'>['items'][number];

/** Where I am signed in, the last used first. */
export function useSessions() {
  return useQuery({ queryKey: ['sessions'], queryFn: () => answerOf(api.GET('/v1/me/sessions')) });
}

export function useEndSession() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (sessionId: string) => api.DELETE('/v1/me/sessions/{sessionId}', { params: { path: { sessionId } } }),
    onSuccess: () => {
      showToast({ text: accountTexts[currentLanguage()].ended });
      return queryClient.invalidateQueries({ queryKey: ['sessions'] });
    },
    onError: (error) => showToast({ text: errorTextOf(error) }),
  });
}
