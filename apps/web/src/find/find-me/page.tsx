import { useQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { useSession } from '../../api/use-session.ts';
import { useTexts } from '../../i18n/messages.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Page } from '../../ui/page.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { type EventKey, eventQuery } from '../events/event-queries.ts';
import { isUsable, useFacecams } from '../facecams/use-facecams.ts';
import { ConsentStep } from './consent-step.tsx';
import { ForVisitors } from './for-visitors.tsx';
import { SearchStep } from './search/search-step.tsx';
import { SelfieStep } from './selfie/selfie-step.tsx';
import { findMeTexts } from './texts.ts';
import { useConsent } from './use-consent.ts';

export const Route = createFileRoute('/_find/find-me')({
  validateSearch: (search: Record<string, unknown>): { event?: string; share?: string } => ({
    ...(typeof search.event === 'string' ? { event: search.event } : {}),
    ...(typeof search.share === 'string' ? { share: search.share } : {}),
  }),
  component: FindMePage,
});

/** Consent, selfie, search: each step when the one before is done. */
function FindMePage() {
  const texts = useTexts(findMeTexts);
  const { event: eventId, share } = Route.useSearch();
  const event = eventId === undefined ? undefined : { eventId, share };
  const session = useSession();
  const isMember = session.status === 'signed-in';
  const consent = useConsent(isMember);
  const facecams = useFacecams(isMember && consent.data?.isGiven === true);
  const [isTaking, setIsTaking] = useState(false);
  const hasSearched = useRef(false);
  const title = useTitleFor(event);
  if (session.status === 'signed-out') {
    return (
      <Page title={title} width="narrow">
        <ForVisitors />
      </Page>
    );
  }
  const failed = [consent, facecams].find(({ isError, data }) => isError && data === undefined);
  if (failed !== undefined) {
    return (
      <Page title={title} width="narrow">
        <ErrorNote error={failed.error} onRetry={() => void failed.refetch()} />
      </Page>
    );
  }
  // The camera opens for who comes without a selfie, and never because somebody deleted one.
  const needsSelfie = isTaking || (facecams.data?.some(isUsable) === false && !hasSearched.current);
  // Whoever agreed to an older text is asked again before the next selfie.
  const isAgreed = consent.data?.version === consent.data?.current.version || !needsSelfie;
  if (consent.data !== undefined && !(consent.data.isGiven && isAgreed)) {
    return (
      <Page title={texts.consentTitle} width="narrow">
        <ConsentStep consent={consent.data} event={event} />
      </Page>
    );
  }
  if (facecams.data === undefined) {
    return (
      <Page title={title} width="narrow">
        <Skeleton className="h-64 w-full" />
      </Page>
    );
  }
  if (needsSelfie) {
    return (
      <Page
        title={texts.selfieTitle}
        width="narrow"
        actions={
          isTaking && (
            <Button kind="quiet" onClick={() => setIsTaking(false)}>
              {texts.cancel}
            </Button>
          )
        }
      >
        <SelfieStep onEnrolled={() => setIsTaking(false)} />
      </Page>
    );
  }
  hasSearched.current = true;
  return (
    <Page title={title} width="wide">
      <SearchStep event={event} onAnother={() => setIsTaking(true)} />
    </Page>
  );
}

function useTitleFor(event: EventKey | undefined): string {
  const texts = useTexts(findMeTexts);
  const { data } = useQuery({
    ...eventQuery(event ?? { eventId: '', share: undefined }),
    enabled: event !== undefined,
  });
  return data === undefined ? texts.title : texts.inEvent(data.name);
}
