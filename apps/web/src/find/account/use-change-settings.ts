import { useMutation, useQueryClient } from '@tanstack/react-query';
import { answerOf, api } from '../../api/api.ts';
import { updateAccount } from '../../api/session.ts';
import { currentLanguage, type Language } from '../../i18n/language.ts';
import { errorTextOf } from '../../ui/error-text.ts';
import { showToast } from '../../ui/toast-store.ts';
import { accountTexts } from './texts.ts';

interface Settings {
  readonly matchLevel?: number | null;
  readonly locale?: Language;
  readonly timeZone?: string;
}

/** Changes settings of mine, each as soon as it is chosen. */
export function useChangeSettings() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (settings: Settings) => answerOf(api.PATCH('/v1/me', { body: settings })),
    onSuccess: (account, { matchLevel }) => {
      updateAccount(account);
      showToast({ text: accountTexts[currentLanguage()].saved });
      // By the level I see other photos.
      return matchLevel === undefined ? undefined : queryClient.invalidateQueries({ queryKey: ['explore'] });
    },
    onError: (error) => showToast({ text: errorTextOf(error) }),
  });
}
