import { useRouter } from '@tanstack/react-router';
import { useTexts } from '../i18n/messages.ts';
import { ErrorNote } from '../ui/error-note.tsx';
import { Page } from '../ui/page.tsx';
import { shellTexts } from './texts.ts';

/** A page that could not be shown. */
export function Failed({ error, reset }: { error: unknown; reset: () => void }) {
  const router = useRouter();
  const retry = () => {
    reset();
    void router.invalidate();
  };
  return (
    <Page title={useTexts(shellTexts).failed} width="narrow">
      <ErrorNote error={error} onRetry={retry} />
    </Page>
  );
}
