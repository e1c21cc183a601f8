import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useLanguage, useTexts } from '../../i18n/messages.ts';
import { Button, buttonClass } from '../../ui/button.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { useConsent } from '../use-consent.ts';
import { accountTexts } from './texts.ts';
import { WithdrawConsent } from './withdraw-consent.tsx';

/** What I agreed to, since when, and the way back. */
export function Consent() {
  const texts = useTexts(accountTexts);
  const format = useFormat();
  const language = useLanguage();
  const { data: consent, error, refetch } = useConsent();
  const [isWithdrawing, setIsWithdrawing] = useState(false);
  if (consent === undefined) {
    return error === null ? (
      <Skeleton className="h-24 w-full" />
    ) : (
      <ErrorNote error={error} onRetry={() => void refetch()} />
    );
  }
  const { isGiven, givenAt, version, current } = consent;
  return (
    <div className="space-y-4">
      <p>
        {isGiven ? texts.consentGiven(format.day(givenAt ?? ''), version ?? '') : texts.consentMissing}
        {isGiven && version !== current.version && ` ${texts.consentNewer(current.version)}`}
      </p>
      <details className="rounded-md bg-sunken px-4">
        <summary className="flex min-h-11 items-center font-medium">
          {isGiven && version === current.version ? texts.consentText : texts.consentTextNow}
        </summary>
        <div className="space-y-3 pb-4 text-sm whitespace-pre-line">{current.text[language]}</div>
      </details>
      {isGiven ? (
        <Button kind="danger" onClick={() => setIsWithdrawing(true)}>
          {texts.withdraw}
        </Button>
      ) : (
        <Link to="/find-me" className={buttonClass('secondary')}>
          {texts.findMe}
        </Link>
      )}
      {isWithdrawing && <WithdrawConsent onClose={() => setIsWithdrawing(false)} />}
    </div>
  );
}
