import { useQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { useSession } from '../../api/use-session.ts';
import { useTexts } from '../../i18n/messages.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Page } from '../../ui/page.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { useFocusOnChange } from '../../ui/use-focus-on-change.ts';
import { type EventKey, eventQuery } from '../events/event-queries.ts';
import { isUsable, useFacecams } from '../facecams/use-facecams.ts';
import { useConsent } from '../use-consent.ts';
import { ConsentStep } from './consent-step.tsx';
import { ForVisitors } from './for-visitors.tsx';
import { SearchStep } from './search/search-step.tsx';
import { SelfieStep } from './selfie/selfie-step.tsx';
import { findMeTexts } from './texts.ts';

export const Route = createFileRoute('/_find/find-me')({
  validateSearch: (search: Record<string, unknown>): { event?: string; share?: string } => ({
    ...(typeof search.event === 'string' ? { event: search.event } : {}),
    ...(typeof search.share === 'string' ? { share: search.share } : {}),
  }),
  component: FindMePage,
});

type Step = 'start' | 'visitor' | 'failed' | 'consent' | 'selfie' | 'search';

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
  const failed = [consent, facecams].find(({ isError, data }) => isError && data === undefined);
  const step = stepNow();
  if (step === 'search') hasSearched.current = true;
  useFocusOnChange(step);
  switch (step) {
    case 'start':
      return (
        <Page title={title} width="narrow">
          <Skeleton className="h-64 w-full" />
        </Page>
      );
    case 'visitor':
      return (
        <Page title={title} width="narrow">
          <ForVisitors />
        </Page>
      );
    case 'failed':
      return (
        <Page title={title} width="narrow">
          <ErrorNote error={failed?.error} onRetry={() => void failed?.refetch()} />
        </Page>
      );
    case 'consent':
      return (
        <Page title={texts.consentTitle} width="narrow">
          {consent.data !== undefined && <ConsentStep consent={consent.data} event={event} />}
        </Page>
      );
    case 'selfie':
      return (
        <Page title={texts.selfieTitle} width="narrow" actions={isTaking && cancel()}>
          <SelfieStep onEnrolled={() => setIsTaking(false)} />
        </Page>
      );
    case 'search':
      return (
        <Page title={title} width="wide">
          <SearchStep event={event} onAnother={() => setIsTaking(true)} />
        </Page>
      );
  }

  function stepNow(): Step {
    if (session.status === 'signed-out') return 'visitor';
    if (failed !== undefined) return 'failed';
    if (consent.data === undefined) return 'start';
    if (!consent.data.isGiven) return 'consent';
    if (facecams.data === undefined) return 'start';
    // The camera opens for who comes without a selfie, and never because somebody deleted one.
    const needsSelfie = isTaking || (!facecams.data.some(isUsable) && !hasSearched.current);
    if (!needsSelfie) return 'search';
    // Whoever agreed to an older text is asked again before the next selfie.
    return consent.data.version === consent.data.current.version ? 'selfie' : 'consent';
  }

  function cancel() {
    return (
      <Button kind="quiet" onClick={() => setIsTaking(false)}>
        {texts.cancel}
      </Button>
    );
  }
}

function useTitleFor(event: EventKey | undefined): string {
  const texts = useTexts(findMeTexts);
  const { data } = useQuery({
    ...eventQuery(event ?? { eventId: '', share: undefined }),
    enabled: event !== undefined,
  });
  return data === undefined ? texts.title : texts.inEvent(data.name);
}
