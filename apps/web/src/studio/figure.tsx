import { Link, type LinkProps } from '@tanstack/react-router';
import { Skeleton } from '../ui/skeleton.tsx';

interface Props {
  label: string;
  /** Undefined while it is loading. */
  value: string | undefined;
  /** What is true of it, below. */
  note?: string;
  to?: LinkProps['to'];
}

/** One number of the studio. */
export function Figure({ label, value, note, to }: Props) {
  return (
    <div className="relative">
      <dt className="text-sm text-muted">{label}</dt>
      <dd className="text-2xl font-semibold tracking-tight tabular-nums">
        {value ?? <Skeleton className="mt-1 h-7 w-20" />}
        {to !== undefined && (
          <Link to={to} aria-label={label} className="absolute -inset-2 rounded-md hover:bg-ink/5" />
        )}
      </dd>
      {note !== undefined && <dd className="text-sm text-muted">{note}</dd>}
    </div>
  );
}
