import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import { fieldError, isProblem } from '../../api/problem.ts';
import { signIn } from '../../api/session.ts';
import { useTexts } from '../../i18n/messages.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { TextField } from '../../ui/field.tsx';
import { ResendLink } from '../sign-up/resend-link.tsx';
import { signInTexts } from './texts.ts';

interface Credentials {
  readonly login: string;
  readonly password: string;
}

/** Signs in; what then happens is up to the page, which sees the session change. */
export function SignInForm({ next }: { next: string | undefined }) {
  const texts = useTexts(signInTexts);
  const entry = useMutation({
    mutationFn: ({ login, password }: Credentials) => signIn(login, password),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    entry.mutate({ login: String(form.get('login')).trim(), password: String(form.get('password')) });
  };
  const login = fieldError(entry.error, 'login');
  const password = fieldError(entry.error, 'password');
  const isUnconfirmed = isProblem(entry.error, 'EMAIL_NOT_VERIFIED');
  return (
    <form onSubmit={submit} className="space-y-5">
      <TextField
        name="login"
        label={texts.login}
        error={login}
        required
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
      />
      <TextField
        name="password"
        label={texts.password}
        error={password}
        type="password"
        required
        autoComplete="current-password"
      />
      {entry.isError && login === undefined && password === undefined && (
        <ErrorNote
          error={entry.error}
          action={isUnconfirmed ? <ResendLink email={entry.variables?.login ?? ''} /> : undefined}
        />
      )}
      <Button type="submit" isBusy={entry.isPending} className="w-full">
        {texts.submit}
      </Button>
      <p className="text-muted">
        {texts.noAccount}{' '}
        <Link to="/sign-up" search={next === undefined ? {} : { next }} className="font-medium text-accent underline">
          {texts.signUp}
        </Link>
      </p>
    </form>
  );
}
