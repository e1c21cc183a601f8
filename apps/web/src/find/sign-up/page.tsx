import { createFileRoute } from '@tanstack/react-router';
import { useState } from 'react';
import { useTexts } from '../../i18n/messages.ts';
import { Page } from '../../ui/page.tsx';
import { useWayOn } from '../sign-in/use-way-on.ts';
import { LookIntoMail } from './look-into-mail.tsx';
import { type NewAccount, SignUpForm } from './sign-up-form.tsx';
import { signUpTexts } from './texts.ts';
import { keepWay } from './way-after-mail.ts';

export const Route = createFileRoute('/_find/sign-up')({
  validateSearch: (search: Record<string, unknown>): { next?: string } =>
    typeof search.next === 'string' ? { next: search.next } : {},
  component: SignUpPage,
});

function SignUpPage() {
  const { next } = Route.useSearch();
  const texts = useTexts(signUpTexts);
  const [account, setAccount] = useState<NewAccount>();
  useWayOn(next);
  const wait = (registered: NewAccount) => {
    if (next !== undefined) keepWay(next);
    setAccount(registered);
  };
  return (
    <Page title={account === undefined ? texts.title : texts.mailTitle} width="narrow">
      {account === undefined ? (
        <SignUpForm next={next} onRegistered={wait} />
      ) : (
        <LookIntoMail account={account} onOther={() => setAccount(undefined)} />
      )}
    </Page>
  );
}
