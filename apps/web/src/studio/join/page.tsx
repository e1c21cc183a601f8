import { useMutation } from '@tanstack/react-query';
import { createFileRoute, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { answerOf, api } from '../../api/api.ts';
import { ApiProblem } from '../../api/problem.ts';
import { updateAccount } from '../../api/session.ts';
import { useAccount } from '../../api/use-session.ts';
import { useTexts } from '../../i18n/messages.ts';
import { Button, buttonClass } from '../../ui/button.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { TextField } from '../../ui/field.tsx';
import { Page } from '../../ui/page.tsx';
import { showToast } from '../../ui/toast-store.ts';
import { joinTexts } from './texts.ts';
import { useSaleTerms } from './use-sale-terms.ts';

export const Route = createFileRoute('/studio/join')({ component: JoinPage });

function JoinPage() {
  const texts = useTexts(joinTexts);
  const account = useAccount();
  const navigate = Route.useNavigate();
  const terms = useSaleTerms().data;
  const [name, setName] = useState(account?.creator?.displayName ?? '');
  const join = useMutation({
    mutationFn: (displayName: string) => answerOf(api.POST('/v1/me/creator', { body: { displayName } })),
    onSuccess: async (changed) => {
      updateAccount(changed);
      showToast({ text: texts.welcome });
      await navigate({ to: '/studio' });
    },
  });
  const fieldError = join.error instanceof ApiProblem ? join.error.fields.get('displayName') : undefined;
  const isCreator = account !== undefined && account.creator !== null;
  return (
    <Page title={texts.title} width="narrow">
      <div className="space-y-8">
        {isCreator && account.creator !== null ? (
          <p className="flex flex-wrap items-center justify-between gap-3 rounded-md bg-good-soft p-4 text-good">
            {texts.isCreator(account.creator.displayName)}
            <Link to="/studio" className={buttonClass('secondary', 'small')}>
              {texts.toStudio}
            </Link>
          </p>
        ) : (
          <>
            <p className="text-lg">{texts.intro}</p>
            <ul className="list-disc space-y-3 pl-5 marker:text-accent">
              <li>{texts.upload}</li>
              <li>{texts.price}</li>
              <li>{texts.rights}</li>
              {terms !== undefined && <li>{texts.commission(terms.commissionPercent)}</li>}
              <li>{texts.consent}</li>
            </ul>
          </>
        )}
        <form
          className="space-y-5"
          onSubmit={(event) => {
            event.preventDefault();
            join.mutate(name);
          }}
        >
          {join.error !== null && fieldError === undefined && <ErrorNote error={join.error} />}
          <TextField
            label={texts.name}
            hint={texts.nameHint}
            error={fieldError}
            required
            maxLength={60}
            autoComplete="organization"
            value={name}
            onInput={(event) => setName(event.currentTarget.value)}
          />
          <Button type="submit" size="large" className="w-full" isBusy={join.isPending}>
            {isCreator ? texts.change : texts.submit}
          </Button>
        </form>
      </div>
    </Page>
  );
}
