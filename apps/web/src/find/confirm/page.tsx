import { useMutation } from '@tanstack/react-query';
import { createFileRoute, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/api.ts';
import { isProblem } from '../../api/problem.ts';
import { useTexts } from '../../i18n/messages.ts';
import { Button, buttonClass } from '../../ui/button.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { TextField } from '../../ui/field.tsx';
import { Page } from '../../ui/page.tsx';
import { useFocusOnChange } from '../../ui/use-focus-on-change.ts';
import { SignInForm } from '../sign-in/sign-in-form.tsx';
import { useWayOn } from '../sign-in/use-way-on.ts';
import { ResendLink } from '../sign-up/resend-link.tsx';
import { keptWay } from '../sign-up/way-after-mail.ts';
import { confirmTexts } from './texts.ts';

export const Route = createFileRoute('/_find/confirm')({
  validateSearch: (search: Record<string, unknown>): { token?: string } =>
    typeof search.token === 'string' ? { token: search.token } : {},
  component: ConfirmPage,
});

/** Behind the link of the mail. Opening it changes nothing, since mail scanners open links and run scripts: the button does. */
function ConfirmPage() {
  const texts = useTexts(confirmTexts);
  const { token } = Route.useSearch();
  const [way] = useState(keptWay);
  const confirmation = useMutation({
    mutationFn: (secret: string) => api.POST('/v1/auth/verify', { body: { token: secret } }),
  });
  // Whoever is signed in may confirm the address of another account.
  useWayOn(way, confirmation.isSuccess);
  useFocusOnChange(confirmation.isSuccess ? 'done' : 'asked');
  if (confirmation.isSuccess) {
    return (
      <Page title={texts.done} width="narrow">
        <p className="mb-6 text-muted">{texts.doneText}</p>
        <SignInForm next={way} />
      </Page>
    );
  }
  const isUsed = isProblem(confirmation.error, 'VERIFICATION_LINK_USED');
  return (
    <Page title={texts.title} width="narrow">
      <div className="space-y-6">
        {token === undefined ? (
          <p role="alert">{texts.noToken}</p>
        ) : (
          <>
            <p className="text-muted">{texts.text}</p>
            <Button size="large" isBusy={confirmation.isPending} onClick={() => confirmation.mutate(token)}>
              {texts.confirm}
            </Button>
          </>
        )}
        {confirmation.isError && (
          <ErrorNote
            error={confirmation.error}
            action={
              isUsed ? (
                <Link
                  to="/sign-in"
                  search={way === undefined ? {} : { next: way }}
                  className={buttonClass('secondary')}
                >
                  {texts.toSignIn}
                </Link>
              ) : undefined
            }
          />
        )}
        {(token === undefined || (confirmation.isError && !isUsed)) && <NewLink />}
      </div>
    </Page>
  );
}

function NewLink() {
  const texts = useTexts(confirmTexts);
  const [email, setEmail] = useState('');
  return (
    <div className="space-y-3 border-t border-line pt-5">
      <TextField
        label={texts.newLink}
        type="email"
        autoComplete="email"
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      {email.includes('@') && <ResendLink email={email.trim()} />}
    </div>
  );
}
