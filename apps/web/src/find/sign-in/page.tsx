import { createFileRoute } from '@tanstack/react-router';
import { useTexts } from '../../i18n/messages.ts';
import { Page } from '../../ui/page.tsx';
import { SignInForm } from './sign-in-form.tsx';
import { signInTexts } from './texts.ts';
import { useWayOn } from './use-way-on.ts';

export const Route = createFileRoute('/_find/sign-in')({
  validateSearch: (search: Record<string, unknown>): { next?: string } =>
    typeof search.next === 'string' ? { next: search.next } : {},
  component: SignInPage,
});

function SignInPage() {
  const { next } = Route.useSearch();
  useWayOn(next);
  return (
    <Page title={useTexts(signInTexts).title} width="narrow">
      <SignInForm next={next} />
    </Page>
  );
}
