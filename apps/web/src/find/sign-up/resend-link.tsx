import { useMutation } from '@tanstack/react-query';
import { api } from '../../api/api.ts';
import { useTexts } from '../../i18n/messages.ts';
import { Button } from '../../ui/button.tsx';
import { useErrorText } from '../../ui/error-note.tsx';
import { signUpTexts } from './texts.ts';

/** Sends the link that confirms an address once more. */
export function ResendLink({ email }: { email: string }) {
  const texts = useTexts(signUpTexts);
  const resend = useMutation({ mutationFn: () => api.POST('/v1/auth/resend-verification', { body: { email } }) });
  const errorText = useErrorText(resend.error);
  return (
    <div className="space-y-2">
      <Button kind="secondary" isBusy={resend.isPending} onClick={() => resend.mutate()}>
        {texts.resend}
      </Button>
      <p role="status" className="text-sm">
        {resend.isSuccess && texts.resent}
        {resend.isError && errorText}
      </p>
    </div>
  );
}
