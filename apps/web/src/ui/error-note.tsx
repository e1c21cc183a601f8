import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { ApiProblem } from '../api/problem.ts';
import { useLanguage, useTexts } from '../i18n/messages.ts';
import { Button } from './button.tsx';
import { errorTextOf } from './error-text.ts';
import { uiTexts } from './texts.ts';

interface Props {
  error: unknown;
  onRetry?: () => void;
  /** Another button that helps more. */
  action?: ReactNode;
}

/** What went wrong, in words for people, and what helps. */
export function ErrorNote({ error, onRetry, action }: Props) {
  const texts = useTexts(uiTexts);
  return (
    <div role="alert" className="flex gap-3 rounded-md bg-danger-soft p-4 text-danger">
      <TriangleAlert size={20} className="mt-0.5 shrink-0" aria-hidden />
      <div className="flex min-w-0 flex-col gap-3">
        <p>{useErrorText(error)}</p>
        {error instanceof ApiProblem && error.status >= 500 && error.requestId !== undefined && (
          <p className="text-sm">{texts.requestId(error.requestId)}</p>
        )}
        {(onRetry !== undefined || action !== undefined) && (
          <div className="flex flex-wrap gap-3 empty:hidden">
            {onRetry !== undefined && (
              <Button kind="secondary" size="small" onClick={onRetry}>
                {texts.retry}
              </Button>
            )}
            {action}
          </div>
        )}
      </div>
    </div>
  );
}

/** One sentence that says what went wrong, in the language of now. */
export function useErrorText(error: unknown): string {
  useLanguage();
  return errorTextOf(error);
}
