import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import { api } from '../../api/api.ts';
import { fieldError, isProblem } from '../../api/problem.ts';
import { useLanguage, useTexts } from '../../i18n/messages.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { TextField } from '../../ui/field.tsx';
import { signUpTexts } from './texts.ts';

export interface NewAccount {
  readonly email: string;
  readonly username: string;
  readonly password: string;
}

interface Props {
  next: string | undefined;
  onRegistered: (account: NewAccount) => void;
}

export function SignUpForm({ next, onRegistered }: Props) {
  const texts = useTexts(signUpTexts);
  const locale = useLanguage();
  const registration = useMutation({
    mutationFn: (account: NewAccount) => api.POST('/v1/auth/register', { body: { ...account, locale } }),
    onSuccess: (_, account) => onRegistered(account),
  });
  const { error } = registration;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    registration.mutate({
      email: String(form.get('email')).trim(),
      username: String(form.get('username')).trim(),
      password: String(form.get('password')),
    });
  };
  const errors = {
    email: fieldError(error, 'email'),
    username: isProblem(error, 'USERNAME_TAKEN') ? error.detail : fieldError(error, 'username'),
    password: fieldError(error, 'password'),
  };
  const isElsewhere = error !== null && Object.values(errors).every((text) => text === undefined);
  return (
    <form onSubmit={submit} className="space-y-5">
      <p className="text-muted">{texts.intro}</p>
      <TextField
        name="email"
        type="email"
        label={texts.email}
        hint={texts.emailHint}
        error={errors.email}
        required
        autoComplete="email"
        maxLength={254}
      />
      <TextField
        name="username"
        label={texts.username}
        hint={texts.usernameHint}
        error={errors.username}
        required
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
      />
      <TextField
        name="password"
        type="password"
        label={texts.password}
        hint={texts.passwordHint}
        error={errors.password}
        required
        autoComplete="new-password"
      />
      {isElsewhere && <ErrorNote error={error} />}
      <Button type="submit" isBusy={registration.isPending} className="w-full">
        {texts.submit}
      </Button>
      <p className="text-muted">
        {texts.haveAccount}{' '}
        <Link to="/sign-in" search={next === undefined ? {} : { next }} className="font-medium text-accent underline">
          {texts.signIn}
        </Link>
      </p>
    </form>
  );
}
