import { createFileRoute } from '@tanstack/react-router';
import { type ReactNode, useId } from 'react';
import { useTexts } from '../../i18n/messages.ts';
import { RequireAccount } from '../../shell/require-account.tsx';
import { Page } from '../../ui/page.tsx';
import { FacecamList } from '../facecams/facecam-list.tsx';
import { Consent } from './consent.tsx';
import { Profile } from './profile.tsx';
import { Sessions } from './sessions.tsx';
import { accountTexts } from './texts.ts';

export const Route = createFileRoute('/_find/account')({
  component: () => (
    <RequireAccount>
      <AccountPage />
    </RequireAccount>
  ),
});

function AccountPage() {
  const texts = useTexts(accountTexts);
  return (
    <Page title={texts.title} width="narrow">
      <div className="space-y-12">
        <Section title={texts.profile}>
          <Profile />
        </Section>
        <Section title={texts.consent}>
          <Consent />
        </Section>
        <Section title={texts.selfies}>
          <FacecamList />
        </Section>
        <Section title={texts.sessions}>
          <Sessions />
        </Section>
      </div>
    </Page>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h2 id={id} className="mb-4 text-xl font-semibold">
        {title}
      </h2>
      {children}
    </section>
  );
}
