import { useMutation } from '@tanstack/react-query';
import { MailOpen } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { signIn } from '../../api/session.ts';
import { useTexts } from '../../i18n/messages.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { ResendLink } from './resend-link.tsx';
import type { NewAccount } from './sign-up-form.tsx';
import { signUpTexts } from './texts.ts';

/** The account waits for its link. Whoever opened it on another device goes on here, without typing the password again. */
export function LookIntoMail({ account, onOther }: { account: NewAccount; onOther: () => void }) {
  const texts = useTexts(signUpTexts);
  const text = useRef<HTMLParagraphElement>(null);
  useEffect(() => text.current?.focus(), []);
  const entry = useMutation({
    mutationFn: () => signIn(account.email, account.password),
  });
  return (
    <div className="space-y-6">
      <MailOpen size={40} strokeWidth={1.25} className="text-muted" aria-hidden />
      <p ref={text} tabIndex={-1} className="text-lg outline-none">
        {texts.mailText(account.email)}
      </p>
      {entry.isError && <ErrorNote error={entry.error} />}
      <Button isBusy={entry.isPending} onClick={() => entry.mutate()}>
        {texts.confirmed}
      </Button>
      <div className="space-y-3 border-t border-line pt-5">
        <p className="text-muted">{texts.mailHint}</p>
        <div className="flex flex-wrap items-start gap-3">
          <ResendLink email={account.email} />
          <Button kind="quiet" onClick={onOther}>
            {texts.otherAddress}
          </Button>
        </div>
      </div>
    </div>
  );
}
