import { CalendarDays } from 'lucide-react';
import { classNames } from '../../ui/class-names.ts';
import { coverSrcSet } from './preload-cover.ts';

interface Props {
  coverUrl: string | null;
  coverSmallUrl: string | null;
  /** How wide it is shown, as the browser wants to know it. */
  sizes: string;
  /** Whether it is among the first that are seen. */
  isFirst?: boolean;
  className?: string;
}

/** The picture of an event; its name stands beside it, so it says nothing of its own. */
export function Cover({ coverUrl, coverSmallUrl, sizes, isFirst = false, className }: Props) {
  if (coverUrl === null) {
    return (
      <div className={classNames('flex items-center justify-center bg-sunken text-muted', className)}>
        <CalendarDays size={32} strokeWidth={1.25} aria-hidden />
      </div>
    );
  }
  return (
    <img
      src={coverUrl}
      srcSet={coverSrcSet({ coverUrl, coverSmallUrl })}
      sizes={sizes}
      alt=""
      loading={isFirst ? 'eager' : 'lazy'}
      fetchPriority={isFirst ? 'high' : 'auto'}
      decoding="async"
      className={classNames('bg-sunken object-cover', className)}
    />
  );
}
