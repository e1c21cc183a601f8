import type { ReactNode } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/messages.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { buyingTexts } from './texts.ts';

interface Props {
  count: number;
  /** Undefined while the server counts. */
  totalIdr: number | undefined;
  /** The sum belongs to a basket that has just changed. */
  isOld?: boolean;
  note?: string | undefined;
  /** The button. */
  children: ReactNode;
}

/** The total with the one button that goes on; beside the lines, and on a phone below them. */
export function Sum({ count, totalIdr, isOld = false, note, children }: Props) {
  const texts = useTexts(buyingTexts);
  const format = useFormat();
  return (
    <section className="sticky bottom-[calc(3.5rem+env(safe-area-inset-bottom))] -mx-4 space-y-3 border-t border-line bg-ground px-4 py-3 md:top-24 md:bottom-auto md:mx-0 md:space-y-4 md:rounded-lg md:border-0 md:bg-sunken md:p-6">
      <p aria-live="polite" className="flex items-baseline justify-between gap-4">
        <span>
          {texts.total} <span className="text-muted">· {texts.photos(count)}</span>
        </span>
        {totalIdr === undefined ? (
          <Skeleton className="h-7 w-28" />
        ) : (
          <span className={`text-xl font-semibold tabular-nums ${isOld ? 'opacity-50' : ''}`}>
            {format.rupiah(totalIdr)}
          </span>
        )}
      </p>
      {note !== undefined && (
        <p role="status" className="text-sm text-warn">
          {note}
        </p>
      )}
      {children}
    </section>
  );
}
