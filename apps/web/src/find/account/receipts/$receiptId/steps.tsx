import { Check, X } from 'lucide-react';
import { useFormat } from '../../../../i18n/format.ts';
import { useTexts } from '../../../../i18n/messages.ts';
import { Spinner } from '../../../../ui/spinner.tsx';
import { receiptTexts } from './texts.ts';
import type { Receipt } from './use-receipt.ts';

/** What has happened of a withdrawal, and when. */
export function Steps({ receipt }: { receipt: Receipt }) {
  const texts = useTexts(receiptTexts);
  const format = useFormat();
  // Then what is not reached is not under way: something was still found.
  const isOver = receipt.completedAt !== null;
  const steps = [
    [texts.steps.requested, receipt.requestedAt],
    [texts.steps.unsearchable, receipt.unsearchableAt],
    [texts.steps.gone, receipt.goneAt],
    [texts.steps.completed, receipt.completedAt],
  ] as const;
  return (
    <ol className="space-y-3">
      {steps.map(([name, at]) => (
        <li key={name} className="flex items-start gap-3">
          <span
            className={`flex size-6 shrink-0 items-center justify-center rounded-full ${at === null ? 'bg-sunken text-muted' : 'bg-good-soft text-good'}`}
          >
            {at !== null ? (
              <Check size={14} strokeWidth={3} aria-hidden />
            ) : isOver ? (
              <X size={14} strokeWidth={3} aria-hidden />
            ) : (
              <Spinner className="size-3.5" />
            )}
          </span>
          <span>
            {name}
            <span className="block text-sm text-muted">
              {at !== null ? format.moment(at) : isOver ? texts.notReached : texts.pending}
            </span>
          </span>
        </li>
      ))}
    </ol>
  );
}
