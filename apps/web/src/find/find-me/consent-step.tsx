import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { answerOf, api } from '../../api/api.ts';
import { isProblem } from '../../api/problem.ts';
import { queryClient } from '../../api/query-client.ts';
import { useLanguage, useTexts } from '../../i18n/messages.ts';
import { Button, buttonClass } from '../../ui/button.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import type { EventKey } from '../events/event-queries.ts';
import type { Consent } from '../use-consent.ts';
import { findMeTexts } from './texts.ts';

/** Read and given before the camera opens: the short of it, then the text itself, whole and open. */
export function ConsentStep({ consent: { current }, event }: { consent: Consent; event: EventKey | undefined }) {
  const texts = useTexts(findMeTexts);
  const language = useLanguage();
  const giving = useMutation({
    mutationFn: () => answerOf(api.PUT('/v1/me/consent', { body: { version: current.version } })),
    onSuccess: (given) => queryClient.setQueryData(['consent'], given),
    onError: (error) => {
      if (isProblem(error, 'CONSENT_VERSION_OUTDATED')) void queryClient.invalidateQueries({ queryKey: ['consent'] });
    },
  });
  const { use, others, undo } = texts.consentShort;
  return (
    <div className="space-y-6">
      <ul className="list-disc space-y-3 pl-5 text-lg">
        {[use, others, undo].map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      <section aria-labelledby="consent-full" className="border-t border-line pt-5">
        <h2 id="consent-full" className="font-semibold">
          {texts.consentFull}
        </h2>
        <div className="mt-3 space-y-3 text-muted">
          {current.text[language].split('\n\n').map((paragraph) => (
            <p key={paragraph}>{paragraph}</p>
          ))}
          <p className="text-sm">{texts.version(current.version)}</p>
        </div>
      </section>
      {giving.isError && <ErrorNote error={giving.error} />}
      <div className="sticky bottom-14 -mx-4 flex gap-2 border-t border-line bg-ground px-4 py-4 md:bottom-0">
        <Button className="grow sm:grow-0" isBusy={giving.isPending} onClick={() => giving.mutate()}>
          {texts.agree}
        </Button>
        {event === undefined ? (
          <Link to="/" className={buttonClass('quiet')}>
            {texts.notNow}
          </Link>
        ) : (
          <Link
            to="/e/$eventId"
            params={{ eventId: event.eventId }}
            search={event.share === undefined ? {} : { share: event.share }}
            className={buttonClass('quiet')}
          >
            {texts.notNow}
          </Link>
        )}
      </div>
    </div>
  );
}
